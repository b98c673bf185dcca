#include "proto/useapi/callback.hpp"

#include <array>
#include <boost/json/parse.hpp>
#include <utility>

#include "proto/upstream_text.hpp"

namespace genspool::proto::useapi {

namespace json = boost::json;

Callback read_callback(std::string_view body) {
    constexpr std::array<std::string_view, 5> ids{"videoId", "imageId", "audioId", "musicId",
                                                  "jobId"};
    Callback said;
    json::error_code error;
    const json::value parsed = json::parse(json::string_view(body.data(), body.size()), error);
    if (error || !parsed.is_object()) return said;
    for (const std::string_view name : ids) {
        std::string id = text_or_number(parsed.get_object(), name);
        if (is_usable_id(id) && said.task.empty()) said.task = std::move(id);
    }
    return said;
}

}  // namespace genspool::proto::useapi
