#include "cli/input_files.hpp"

#include <fstream>

#include "cli/failure.hpp"
#include "cli/json_reading.hpp"
#include "proto/file_names.hpp"

namespace genspool::cli {

std::string InputFiles::hand_in(std::string text) {
    proto::FileNames files(text);
    if (files.paths().empty()) return text;
    for (proto::FileName& file : files.paths()) {
        const auto path = directory_ / file.name;
        if (!std::filesystem::is_regular_file(path))
            throw CommandFailed(Exit::usage, file.path + ": there is no file " + path.string());
        file.name = name_of(path);
    }
    return files.renamed();
}

std::string InputFiles::name_of(const std::filesystem::path& path) {
    const auto known = known_.find(path.string());
    if (known != known_.end()) return known->second;
    std::ifstream file(path, std::ios::binary);
    if (!file) throw CommandFailed(Exit::usage, path.string() + " cannot be read");
    HttpCall call;
    call.method = "PUT";
    call.target = "/v1/blobs";
    call.content_type = "application/octet-stream";
    call.source = [&file](char* into, std::size_t size) {
        file.read(into, static_cast<std::streamsize>(size));
        return static_cast<std::size_t>(file.gcount());
    };
    call.rewind = [&file] {
        file.clear();
        file.seekg(0);
    };
    std::string name = text_at(parse_reply(daemon_.exchange(call, true).body), "file");
    known_.emplace(path.string(), name);
    return name;
}

}  // namespace genspool::cli
