#pragma once

#include <string_view>

#include "queue/views.hpp"

/// The notes that the daemon keeps on batches (queue::NoteBatch), by their names.
namespace genspool::daemon {

/// What the batch's files are named after ("films~2"); on every import from before its seal.
inline constexpr std::string_view note_stem = "name";
/// Where an import's file went once it left the watch folder: "accepted/films~2.jsonl", or "gone".
inline constexpr std::string_view note_file = "file";
/// How far its result files have come; see ResultsNote.
inline constexpr std::string_view note_results = "results";

/// The value of a note, or empty.
std::string_view note_of(const queue::BatchView& batch, std::string_view name);

}  // namespace genspool::daemon
