#include "tests/support/replies.hpp"

#include <boost/json/parse.hpp>
#include <utility>

namespace genspool::tests {

proto::Reply reply(int status, std::string body) {
    proto::Reply made;
    made.status = status;
    made.body = std::move(body);
    return made;
}

proto::Reply ok(std::string body) {
    return reply(200, std::move(body));
}

boost::json::object object(std::string_view text) {
    return boost::json::parse(text).as_object();
}

boost::json::object changed(boost::json::object base, std::string_view change) {
    for (const auto& [key, value] : object(change)) {
        if (value.is_null()) {
            base.erase(key);
        } else {
            base.insert_or_assign(key, value);
        }
    }
    return base;
}

std::string verdict(const proto::Codec& codec, const boost::json::object& request) {
    const auto checked = codec.check(request);
    if (checked.has_value()) return "";
    return checked.error().code + " " + checked.error().field;
}

}  // namespace genspool::tests
