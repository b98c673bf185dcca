#include "proto/build.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/version.hpp>

namespace genspool::proto {

std::string build_json(std::string_view program, const Libraries& libraries,
                       std::optional<std::uint64_t> database_format) {
    namespace json = boost::json;
    const Build& built = build();
    json::object all;
    all["program"] = program;
    all["version"] = built.version;
    all["commit"] = built.commit;
    all["build_type"] = built.type;
    all["compiler"] = built.compiler;
    json::object versions;
    for (const auto& [name, version] : libraries)
        versions[name] = version;
    all["libraries"] = std::move(versions);
    if (database_format) all["database_format"] = *database_format;
    return json::serialize(all);
}

std::string boost_version() {
    std::string version = BOOST_LIB_VERSION;
    std::ranges::replace(version, '_', '.');
    return version;
}

}  // namespace genspool::proto
