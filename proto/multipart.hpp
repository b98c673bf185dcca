#pragma once

#include <string>
#include <string_view>

#include "proto/codec.hpp"

namespace genspool::proto {

/// A body of multipart/form-data (RFC 7578) in the making.
class Multipart {
public:
    /// `boundary` is made of this: something that no part holds, such as the hash of its file.
    explicit Multipart(std::string_view unique);

    void field(std::string_view name, std::string_view value);
    void file(std::string_view name, std::string_view file_name, std::string_view media_type,
              std::string_view bytes);

    /// The call carries it from now on.
    void into(Call& call) &&;

private:
    void begin(std::string_view name);

    std::string boundary_;
    std::string body_;
};

/// As it may stand between quotes in a header field.
std::string header_text(std::string_view text);

}  // namespace genspool::proto
