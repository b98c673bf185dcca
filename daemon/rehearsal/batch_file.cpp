#include "daemon/rehearsal/batch_file.hpp"

#include <array>
#include <fstream>
#include <system_error>

#include "daemon/refused_object.hpp"
#include "proto/file_names.hpp"
#include "proto/media_signature.hpp"
#include "proto/utf8.hpp"
#include "workers/digest.hpp"

namespace genspool::daemon {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t block_bytes = 256U << 10U;
constexpr std::size_t lines_at_once = 512;

/// A file that a job may take: its type by its name and first bytes.
proto::Result<queue::KeepBlob> look_at(const fs::path& path, const std::string& field) {
    const auto refuse = [&](const std::string& why) {
        return proto::Refused{"input.missing", field, field + ": " + path.string() + " " + why};
    };
    std::error_code error;
    if (!fs::is_regular_file(path, error)) {
        if (error && error != std::errc::no_such_file_or_directory)
            return refuse("cannot be looked at: " + error.message());
        return refuse(fs::exists(path, error) ? "is no regular file" : "is not there");
    }
    const std::uint64_t bytes = fs::file_size(path, error);
    std::ifstream in(path, std::ios::binary);
    if (error || !in) return refuse("cannot be read");
    std::array<char, proto::signature_bytes> head{};
    in.read(head.data(), head.size());
    const std::string_view first(head.data(), static_cast<std::size_t>(in.gcount()));
    queue::KeepBlob file;
    file.sha256 = workers::sha256_hex(path.string());
    file.media_type = proto::judge_type(proto::media_type_of(path.string()), first);
    file.bytes = bytes;
    return file;
}

}  // namespace

BatchFile::BatchFile(BatchFileParts parts)
    : parts_(std::move(parts)), splitter_(LineSplitter(parts_.line_bytes_max)) {
    if (!refill()) return;
    if (rest_.starts_with(proto::byte_order_mark))
        rest_.remove_prefix(proto::byte_order_mark.size());
    const std::size_t at = rest_.find_first_not_of(" \t\r\n");
    if (at != std::string_view::npos && rest_[at] == '[')
        splitter_ = ArraySplitter(parts_.line_bytes_max);
}

bool BatchFile::refill() {
    block_.resize(block_bytes);
    parts_.in.read(block_.data(), static_cast<std::streamsize>(block_bytes));
    if (parts_.in.bad()) throw NoBatch("it cannot be read to its end");
    block_.resize(static_cast<std::size_t>(parts_.in.gcount()));
    rest_ = block_;
    return !rest_.empty();
}

std::optional<Piece> BatchFile::next_piece() {
    auto* const array = std::get_if<ArraySplitter>(&splitter_);
    while (!rest_.empty() || refill()) {
        auto piece = std::visit([this](auto& splitter) { return splitter.feed(rest_); }, splitter_);
        if (array != nullptr && array->problem()) break;
        if (piece) return piece;
    }
    if (array == nullptr) return std::get<LineSplitter>(splitter_).finish();
    if (!array->problem()) array->finish();
    if (array->problem())
        throw NoBatch("line " + std::to_string(array->line()) + ": " + *array->problem());
    return std::nullopt;
}

JudgedLines BatchFile::next() {
    JudgedLines lines;
    while (lines.jobs.size() + lines.refused.size() < lines_at_once) {
        auto piece = next_piece();
        if (!piece) break;
        judge(std::move(*piece), lines);
    }
    return lines;
}

void BatchFile::judge(Piece piece, JudgedLines& lines) {
    std::optional<proto::Refused> why;
    if (piece.too_long) {
        why =
            proto::Refused{"too_long",
                           {},
                           "it is longer than " + std::to_string(parts_.line_bytes_max) + " bytes"};
    } else {
        why = name_files(piece.text, lines);
    }
    if (!why) {
        auto job = parts_.admission.line(piece.text, parts_.principal, parts_.now);
        if (job) {
            lines.jobs.emplace_back(piece.number, std::move(*job));
            return;
        }
        why = job.error();
    }
    queue::RefusedLine refused{piece.number, {}, why->code, why->field, why->message};
    if (const auto object = refused_object(piece.text)) refused.custom_id = object->custom_id;
    lines.refused.push_back(std::move(refused));
}

std::optional<proto::Refused> BatchFile::name_files(std::string& text, JudgedLines& lines) {
    proto::FileNames names(text);
    for (proto::FileName& file : names.paths()) {
        const fs::path path = parts_.directory / file.name;
        auto known = known_.find(path.string());
        if (known == known_.end()) {
            auto looked = look_at(path, file.path);
            if (!looked) return looked.error();
            known = known_.emplace(path.string(), proto::file_name_of(looked->sha256)).first;
            lines.files.push_back(std::move(*looked));
        }
        file.name = known->second;
    }
    if (!names.paths().empty()) text = names.renamed();
    return std::nullopt;
}

}  // namespace genspool::daemon
