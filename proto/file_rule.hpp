#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proto/references.hpp"
#include "proto/result.hpp"

namespace genspool::proto {

/// What an op takes where a request hands a file over.
struct FileRule {
    enum class Form : std::uint8_t {
        data_uri,  ///< "data:image/png;base64,…"
        base64,    ///< without a word of its type
        file_id,   ///< uploaded before, and the number that the upstream gave it
        handle,    ///< uploaded before, and what the upstream calls it, as a text
    };

    std::string_view family;                  ///< "image", "video", "audio"
    std::span<const std::string_view> types;  ///< "jpeg", "png", …; none: any
    std::uint64_t bytes_max = 0;              ///< it must have fewer
    Form form = Form::data_uri;
    std::string_view purpose = {};  ///< of an upload, in the upstream's words
    std::string_view scheme = {};   ///< that goes before a handle: "mm_file://"
    bool shared = true;             ///< an upload is good for other sends and jobs too
    /// What is wrong with a file of these bytes, for people; empty: nothing. Null: nobody looks.
    std::string (*fault)(std::string_view bytes) = nullptr;

    bool uploaded() const { return form == Form::file_id || form == Form::handle; }
};

/// A place of a request that holds a reference and may.
struct FileField {
    std::string path;  ///< as in Reference::path
    FileRule rule;
};

/// A file to be put into a request, and what it must be.
struct FilePlace {
    Reference reference;
    FileRule rule;
};

/// The references with the rules of their places. Refused: one stands where the op takes no file,
/// and would be sent as it stands.
Result<std::vector<FilePlace>> place_files(std::vector<Reference> references,
                                           const std::vector<FileField>& fields);

/// Why a file of this type and length cannot stand there. `what` names it, as the beginning of a
/// sentence.
Result<void> check_file(const FilePlace& place, const std::string& what,
                        std::string_view media_type, std::uint64_t bytes);

}  // namespace genspool::proto
