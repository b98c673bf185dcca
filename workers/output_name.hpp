#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "proto/job.hpp"

/// Where an artifact goes beneath the artifact root: names made from a job's template.
///
/// A template is a relative path with names in braces: {id} {batch} {custom_id} {kind} {n} {ext},
/// and {-n}, which is "-" and the number where a job has several artifacts and nothing otherwise.
/// Values are percent-encoded, so that none can leave its place in the path. A job without a
/// custom_id shows its id there, one outside any batch "none".
namespace genspool::workers {

/// What the names in braces stand for.
struct OutputFacts {
    std::string id;
    std::string batch;
    std::string custom_id;
    std::string kind;
    std::string ext;  ///< with its dot, or empty
    std::uint32_t n = 0;
    bool several = false;  ///< the job has more than one artifact
};

/// The name for these facts; `copy` 2, 3, … are the next names where the first is taken ("~2"
/// before the extension). The template must be without fault
/// (`proto::output_fault`). No part of the path is longer than file systems let it be.
std::string output_name(std::string_view output, const OutputFacts& facts, std::uint32_t copy);

/// The file that becomes `name`, hidden in the same directory and of this artifact only, whatever
/// names two jobs may share.
std::string part_name(std::string_view name, std::string_view id, std::uint32_t n);
inline constexpr const char* part_ending = ".part";
/// The same of the archive out of which it comes.
std::string pack_name(std::string_view name, std::string_view id, std::uint32_t n);

/// Whose part file it is.
struct PartOf {
    proto::JobId job;
    std::uint32_t n = 0;
};

/// By the path of a part file; nullopt: it is none of ours.
std::optional<PartOf> part_of(std::string_view path);

}  // namespace genspool::workers
