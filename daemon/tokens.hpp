#pragma once

#include <sys/stat.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/request.hpp"
#include "proto/token_file.hpp"

namespace genspool::daemon {

/// The bearer tokens of a file, read again as soon as the file has changed: a token that was taken
/// out is refused from the next request on. A file that can no longer be read, or is wrong, lets
/// nobody in, and the log says why, once. What could not be read for the moment is tried again by
/// the next request. Event-loop thread only.
class Tokens {
public:
    /// Throws std::runtime_error, with the reason in words, if the file cannot be used.
    explicit Tokens(std::string path);

    /// Whose token it is; nullopt: nobody's. Takes the same time whichever it is.
    std::optional<Caller> find(std::string_view token);
    /// Its entry, good until the next call of anything here; null: it is nobody's. As find().
    const proto::TokenEntry* entry_of(std::string_view token);
    /// The token of that name, likewise.
    const proto::TokenEntry* named(std::string_view name);

private:
    void refresh();

    std::string path_;
    struct stat seen_{};      ///< the file as it was when it was read last; zeros: it was not
    std::string error_told_;  ///< what was wrong then, as the log says; empty: nothing
    std::vector<proto::TokenEntry> entries_;
};

/// Who has that token.
Caller caller_of(const proto::TokenEntry& entry);

/// What is wrong with a token file, in words; empty: nothing. It must belong to root or to the
/// daemon's user, and be closed to all but them and its group.
std::string token_file_error(const std::string& path);

}  // namespace genspool::daemon
