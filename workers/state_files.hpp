#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "workers/local_root.hpp"

namespace genspool::workers {

/// The files of a state directory as a check reads them, by their path in it. Blocking; nothing is
/// changed.
class StateFiles {
public:
    using Piece = std::function<void(std::string_view bytes)>;

    struct Size {
        std::error_code error;
        std::uint64_t bytes = 0;
    };

    virtual ~StateFiles() = default;

    /// Whether there is such a directory.
    virtual bool has(const std::string& directory) const = 0;
    /// The paths of all regular files below a directory, sorted; none if it is not there.
    virtual std::vector<std::string> below(const std::string& directory) const = 0;
    virtual Size size(const std::string& path) const = 0;
    /// Reads a file from its beginning to its end.
    virtual std::error_code read(const std::string& path, const Piece& piece) const = 0;
};

/// Those on the local disk. Throws std::system_error if the directory cannot be opened, or one in
/// it cannot be listed.
class LocalStateFiles : public StateFiles {
public:
    explicit LocalStateFiles(const std::string& directory);

    bool has(const std::string& directory) const override;
    std::vector<std::string> below(const std::string& directory) const override;
    Size size(const std::string& path) const override;
    std::error_code read(const std::string& path, const Piece& piece) const override;

private:
    FileResult<Descriptor> open(const std::string& path) const;

    std::string directory_;
    LocalRoot root_;
};

}  // namespace genspool::workers
