#pragma once

#include <string_view>

#include "proto/checker.hpp"
#include "proto/codec.hpp"

/// Files that are uploaded to a linked account, and what requests call them there.
namespace genspool::proto::useapi {

/// Pictures, sounds and films that a request names by a fileID.
extern const FileRule picture_file;
extern const FileRule sound_file;
extern const FileRule film_file;
/// The same picture for an op that wants its ossPath beside its fileID: the handle is both, with a
/// blank in between.
extern const FileRule placed_picture_file;

/// A file that is uploaded on the way, or the fileID of one that the account has.
void check_file(Checker& request, std::string_view name, const FileRule& rule);

/// The fields NAME1, NAME2, … (the first of them `first` where it is not empty): how many are
/// there. Refuses gaps, and more than `most`.
std::size_t check_file_row(Checker& request, std::string_view name, std::string_view first,
                           std::size_t most, const FileRule& rule);

/// POST /files/, the bytes as they are.
Call upload_call(const Input& file, std::string_view bytes);

/// `purpose`: FileRule::purpose.
UploadOutcome uploaded(std::string_view purpose, const Reply& reply);

}  // namespace genspool::proto::useapi
