#include "proto/minimax/media_input.hpp"

#include <algorithm>

#include "proto/minimax/base64.hpp"
#include "proto/minimax/sync_codec.hpp"

namespace genspool::proto::minimax {
void check_image(Checker& request, std::string_view name,
                 std::initializer_list<std::string_view> types, std::uint64_t bytes_max) {
    constexpr std::string_view prefix = "data:image/";
    constexpr std::string_view marker = ";base64,";
    request.check_text(name, {1});
    const std::string_view text = request.text(name);
    if (!request.has(name) || is_link(text)) return;

    const std::string field = request.path_of(name);
    if (!text.starts_with(prefix)) {
        return request.refuse("invalid", name,
                              field + " must be an http or https URL, or a data:image/… URI");
    }
    const std::size_t end = text.find(marker);
    const std::string_view type = end == std::string_view::npos
                                      ? std::string_view{}
                                      : text.substr(prefix.size(), end - prefix.size());
    if (std::find(types.begin(), types.end(), type) == types.end()) {
        std::string known;
        for (const std::string_view each : types)
            known += (known.empty() ? "" : ", ") + std::string{each};
        return request.refuse(
            "invalid", name,
            field + " must be a data:image/TYPE;base64 URI with TYPE one of " + known);
    }
    const auto bytes = base64_size(text.substr(end + marker.size()));
    if (!bytes || *bytes == 0) {
        return request.refuse("invalid", name, field + " holds no valid base64");
    }
    if (*bytes >= bytes_max) {
        request.refuse("too_long", name,
                       field + " holds " + std::to_string(*bytes) +
                           " bytes; they must be fewer than " + std::to_string(bytes_max));
    }
}

}  // namespace genspool::proto::minimax
