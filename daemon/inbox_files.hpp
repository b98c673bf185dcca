#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "workers/local_descriptor.hpp"

/// The few calls on directories that the watch folder and the result files share. They block, and
/// throw std::system_error with the name in it.
namespace genspool::daemon {

[[noreturn]] void throw_errno(const std::string& what);

/// Opens a directory, made with its parents if missing (0750 less the umask).
workers::Descriptor open_directory(const std::string& path);
void sync_directory(const workers::Descriptor& directory);
/// All names but "." and "..", unsorted.
std::vector<std::string> names_in(const workers::Descriptor& directory);
/// Writes all of `bytes` at `offset`.
void write_at(const workers::Descriptor& file, std::string_view bytes, std::uint64_t offset);
void sync_file(const workers::Descriptor& file);
/// A whole small file, written beside its name and renamed over it, fsynced with its directory.
void write_file(const workers::Descriptor& directory, const std::string& name,
                std::string_view bytes);
/// Removes it if it is there; true if it was.
bool remove_file(const workers::Descriptor& directory, const std::string& name);

}  // namespace genspool::daemon
