#include "daemon/refused_object.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

namespace genspool::daemon {

namespace json = boost::json;

std::optional<RefusedObject> refused_object(std::string_view line) {
    boost::system::error_code ec;
    const json::value value = json::parse(line, ec);
    if (ec || !value.is_object()) return std::nullopt;
    RefusedObject object;
    const json::value* const custom_id = value.get_object().if_contains("custom_id");
    if (custom_id != nullptr && custom_id->is_string())
        object.custom_id = std::string(custom_id->get_string());
    return object;
}

}  // namespace genspool::daemon
