#pragma once

#include <boost/json/value.hpp>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proto/time.hpp"

/// How values are put for people.
namespace genspool::cli {

/// "12s", "5m", "3h", "2d"
std::string span_text(std::chrono::seconds span);

/// How long ago a moment (RFC 3339) was, in that form; empty for what is no moment.
std::string age(std::string_view moment, proto::Instant now);

/// How far a moment lies ahead, in the same form; "now" once it is past.
std::string ahead(std::string_view moment, proto::Instant now);

/// "1.4 MB"
std::string file_size(std::uint64_t bytes);

/// "0.49 USD"; empty where there is no amount, or where it is 0 and `zero` is false.
std::string amount(const boost::json::value& cost, std::string_view name, bool zero);

/// How many characters the ids of a listing need so that they are told apart with room to spare:
/// never fewer than a unique prefix among millions of jobs needs.
std::size_t short_id_length(const std::vector<std::string>& ids);

/// The wall clock.
proto::Instant wall_now();

}  // namespace genspool::cli
