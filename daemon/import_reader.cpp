#include "daemon/import_reader.hpp"

#include <unistd.h>

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cerrno>
#include <system_error>
#include <utility>

#include "proto/utf8.hpp"

namespace genspool::daemon {

namespace json = boost::json;

namespace {

constexpr std::size_t block_bytes = 256U << 10U;

/// Bytes from `offset` on; fewer than asked for only at the end of the file.
std::string read_block(int file, std::uint64_t offset, std::size_t count) {
    std::string block(count, '\0');
    std::size_t filled = 0;
    while (filled < count) {
        const ssize_t got = ::pread(file, block.data() + filled, count - filled,
                                    static_cast<off_t>(offset + filled));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw std::system_error(errno, std::generic_category(), "read");
        if (got == 0) break;
        filled += static_cast<std::size_t>(got);
    }
    block.resize(filled);
    return block;
}

bool is_text(std::string_view bytes) {
    return bytes.find('\0') == std::string_view::npos &&
           proto::bounded_utf8(bytes, bytes.size()) == bytes;
}

std::optional<std::uint64_t> number_in(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    if (value == nullptr) return std::nullopt;
    boost::system::error_code ec;
    const auto number = value->to_number<std::uint64_t>(ec);
    if (ec) return std::nullopt;
    return number;
}

}  // namespace

std::string show_progress(const ImportProgress& progress) {
    json::object object;
    object.emplace("offset", progress.offset);
    object.emplace("line", progress.line);
    object.emplace("readable", progress.readable);
    object.emplace("sha256", progress.sha256);
    return json::serialize(object);
}

std::optional<ImportProgress> parse_progress(std::string_view text) {
    boost::system::error_code ec;
    const json::value value = json::parse(text, ec);
    if (ec || !value.is_object()) return std::nullopt;
    const json::object& object = value.get_object();
    const auto offset = number_in(object, "offset");
    const auto line = number_in(object, "line");
    const auto readable = number_in(object, "readable");
    const json::value* sha256 = object.if_contains("sha256");
    if (!offset || !line || !readable || sha256 == nullptr || !sha256->is_string()) {
        return std::nullopt;
    }
    return ImportProgress{*offset, *line, *readable, std::string(sha256->get_string())};
}

ImportReader::ImportReader(workers::Descriptor file, Splitter splitter, ImportLimits limits)
    : file_(std::move(file)), limits_(limits), splitter_(std::move(splitter)) {}

bool ImportReader::resume(const ImportProgress& progress) {
    while (offset_ < progress.offset && !problem()) {
        if (rest_.empty() && !refill()) return false;
        // Pieces were handed out then; only their numbers count now.
        const auto piece = take_piece(progress.offset - offset_);
        if (piece) line_ = piece->number;
    }
    // A last line without newline is complete only through the end of the file.
    if (line_ < progress.line && rest_.empty() && !refill()) {
        const auto piece = finish();
        if (piece) line_ = piece->number;
    }
    return line_ == progress.line && digest_.hex() == progress.sha256;
}

ImportChunk ImportReader::next() {
    ImportChunk chunk;
    const std::uint64_t begin = offset_;
    while (!problem() && !chunk.unreadable) {
        if (rest_.empty() && !refill()) {
            if (auto piece = finish()) hand_out(chunk, std::move(*piece));
            chunk.last = true;
            break;
        }
        if (chunk.pieces.size() >= limits_.chunk_pieces_max) break;
        if (offset_ - begin >= limits_.chunk_bytes_max) break;
        auto piece = take_piece(rest_.size());
        if (piece) hand_out(chunk, std::move(*piece));
    }
    if (!chunk.unreadable) chunk.unreadable = problem();
    chunk.offset = offset_;
    chunk.line = line_;
    chunk.sha256 = digest_.hex();
    return chunk;
}

void ImportReader::hand_out(ImportChunk& chunk, Piece piece) {
    const bool first = line_ == 0;
    line_ = piece.number;
    // Something else than text shows at once; a bad line further on is only that line's affair.
    if (first && !is_text(piece.text))
        chunk.unreadable = Unreadable{piece.number, "it is not UTF-8 text"};
    chunk.pieces.push_back(std::move(piece));
}

bool ImportReader::refill() {
    if (at_end_) return false;
    block_ = read_block(file_.get(), offset_, block_bytes);
    rest_ = block_;
    at_end_ = block_.size() < block_bytes;
    if (offset_ == 0 && rest_.starts_with(proto::byte_order_mark)) {
        digest_.update(proto::byte_order_mark);
        offset_ += proto::byte_order_mark.size();
        rest_.remove_prefix(proto::byte_order_mark.size());
    }
    return !rest_.empty();
}

/// Takes at most so many bytes.
std::optional<Piece> ImportReader::take_piece(std::size_t bytes_max) {
    const std::string_view before = rest_.substr(0, std::min(bytes_max, rest_.size()));
    std::string_view after = before;
    auto piece = std::visit([&after](auto& splitter) { return splitter.feed(after); }, splitter_);
    const std::size_t taken = before.size() - after.size();
    digest_.update(before.substr(0, taken));
    offset_ += taken;
    rest_.remove_prefix(taken);
    return piece;
}

std::optional<Piece> ImportReader::finish() {
    return std::visit([](auto& splitter) { return splitter.finish(); }, splitter_);
}

std::optional<Unreadable> ImportReader::problem() const {
    return std::visit(
        [](const auto& splitter) -> std::optional<Unreadable> {
            const std::optional<std::string> why = splitter.problem();
            if (!why) return std::nullopt;
            return Unreadable{splitter.line(), *why};
        },
        splitter_);
}

std::string hash_file(int descriptor) {
    workers::Sha256 digest;
    std::uint64_t offset = 0;
    while (true) {
        const std::string block = read_block(descriptor, offset, block_bytes);
        digest.update(block);
        offset += block.size();
        if (block.size() < block_bytes) return digest.hex();
    }
}

}  // namespace genspool::daemon
