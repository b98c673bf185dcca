#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "proto/result.hpp"

/// Files inside a request that are not there yet: {"$artifact": "JOB/N"} in the place of a text.
namespace genspool::proto {

/// The N-th artifact of another job, where a request hands over a file.
struct Reference {
    std::string path;  ///< where it stands, as in "request.content[0].image_url.url"
    std::string job;   ///< an id, or the custom_id of an earlier line of the batch
    std::uint32_t n = 0;

    bool operator==(const Reference&) const = default;
};

/// Whether the value is one, well formed or not.
bool is_reference(const boost::json::value& value);

/// Those in a request, in the order in which they stand in its text. Refused: one that is malformed
/// or of a kind that is not known, and more than 20.
Result<std::vector<Reference>> find_references(const boost::json::object& request);

/// The request as JSON text with these texts in the places of its references, in the same order.
/// Throws std::logic_error unless there are as many.
std::string fill_references(boost::json::object request, std::vector<std::string> texts);

}  // namespace genspool::proto
