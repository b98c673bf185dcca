#include "proto/request_place.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <cmath>
#include <utility>

namespace genspool::proto {

namespace json = boost::json;

namespace {

constexpr std::string_view item_form = "an item of an array is written NAME[N]";

/// On the way to a place; stands still where that cannot be.
struct Way {
    json::value* here = nullptr;
    std::string trouble;

    void stop(std::string why) {
        here = nullptr;
        trouble = std::move(why);
    }

    void into_item(std::string_view number) {
        const bool digits = !number.empty() && number.size() <= 6 &&
                            number.find_first_not_of("0123456789") == std::string_view::npos;
        if (!digits) return stop(std::string(item_form));
        if (here->is_null()) *here = json::array();
        json::array* const items = here->if_array();
        const std::string shown(number);
        if (items == nullptr) return stop("there is no array before [" + shown + "]");
        const std::size_t n = std::stoul(shown);
        if (n > items->size())
            return stop("item " + shown + " would be behind a gap: the next is " +
                        std::to_string(items->size()));
        if (n == items->size()) items->emplace_back(nullptr);
        here = &(*items)[n];
    }

    /// A member, or what "[N]" behind its name says of its array.
    void into(json::object& object, std::string_view part) {
        const std::size_t bracket = part.find('[');
        if (part.empty() || bracket == 0) return stop("a name is missing");
        here = &object[part.substr(0, bracket)];
        for (std::size_t at = bracket; here != nullptr && at < part.size();) {
            const std::size_t close = part.find(']', at);
            if (part[at] != '[' || close == std::string_view::npos)
                return stop(std::string(item_form));
            into_item(part.substr(at + 1, close - at - 1));
            at = close + 1;
        }
    }
};

}  // namespace

std::optional<std::string> put_at(json::object& root, std::string_view place, json::value value) {
    Way way;
    json::object* object = &root;
    std::size_t begin = 0;
    for (std::size_t dot = place.find('.'); dot != std::string_view::npos;
         dot = place.find('.', begin)) {
        const std::string_view part = place.substr(begin, dot - begin);
        way.into(*object, part);
        if (way.here == nullptr) return way.trouble;
        if (way.here->is_null()) *way.here = json::object();
        object = way.here->if_object();
        if (object == nullptr) return std::string(part) + " is not an object";
        begin = dot + 1;
    }
    way.into(*object, place.substr(begin));
    if (way.here == nullptr) return way.trouble;
    *way.here = std::move(value);
    return std::nullopt;
}

json::value parse_or_text(std::string_view text) {
    boost::system::error_code error;
    json::value value = json::parse(text, error);
    const bool infinite = !error && value.is_double() && !std::isfinite(value.get_double());
    return error || infinite ? json::value(json::string(text)) : value;
}

}  // namespace genspool::proto
