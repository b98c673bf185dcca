#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "proto/job.hpp"

/// How a job is stored: one byte for the version of the form, then fields (proto/fields.hpp).
namespace genspool::proto {

std::string encode(const JobRecord& record);
std::string encode(const JobSpec& spec);

/// nullopt: corrupt, or of a version that this program does not know.
std::optional<JobRecord> decode_record(std::string_view row);
std::optional<JobSpec> decode_spec(std::string_view row);

}  // namespace genspool::proto
