#include "cli/input_files.hpp"

#include <fstream>
#include <system_error>

#include "cli/failure.hpp"
#include "cli/json_reading.hpp"
#include "proto/file_names.hpp"
#include "proto/media_signature.hpp"

namespace genspool::cli {

namespace fs = std::filesystem;

namespace {

void must_be_file(const std::string& field, const fs::path& path) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    std::string why;
    if (status.type() == fs::file_type::not_found) {
        why = "there is no file " + path.string();
    } else if (error) {
        why = path.string() + " cannot be read: " + error.message();
    } else if (status.type() == fs::file_type::directory) {
        why = path.string() + " is a directory";
    } else if (status.type() != fs::file_type::regular) {
        why = path.string() + " is no regular file";
    }
    if (!why.empty()) throw CommandFailed(Exit::usage, field + ": " + why);
}

}  // namespace

std::string InputFiles::hand_in(std::string text) {
    proto::FileNames files(text);
    if (files.paths().empty()) return text;
    for (proto::FileName& file : files.paths()) {
        const fs::path path = directory_ / file.name;
        must_be_file(file.path, path);
        const auto known = known_.find(path.string());
        if (known != known_.end()) {
            file.name = known->second;
            continue;
        }
        try {
            file.name = send(path);
        } catch (const CommandFailed& failed) {
            throw CommandFailed(failed.exit(),
                                file.path + ": " + path.string() + ": " + failed.what());
        }
        known_.emplace(path.string(), file.name);
    }
    return files.renamed();
}

std::string InputFiles::hand_in(std::string_view bytes, std::string_view media_type) {
    HttpCall call;
    call.method = "PUT";
    call.target = "/v1/blobs";
    call.content_type = media_type;
    call.body = bytes;
    return text_at(parse_reply(daemon_.exchange(call, true).body), "file");
}

std::string InputFiles::send(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw CommandFailed(Exit::usage, "it cannot be read");
    HttpCall call;
    call.method = "PUT";
    call.target = "/v1/blobs";
    call.content_type = proto::media_type_of(path.string());
    call.source = [&file](char* into, std::size_t size) {
        file.read(into, static_cast<std::streamsize>(size));
        // A part of a file must not be taken for all of it.
        if (file.bad()) throw CommandFailed(Exit::usage, "it cannot be read to its end");
        return static_cast<std::size_t>(file.gcount());
    };
    call.rewind = [&file] {
        file.clear();
        file.seekg(0);
    };
    return text_at(parse_reply(daemon_.exchange(call, true).body), "file");
}

}  // namespace genspool::cli
