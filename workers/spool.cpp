#include "workers/spool.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <functional>
#include <utility>

#include "queue/kill_point.hpp"

namespace genspool::workers {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

constexpr std::string_view directory = "spool";
constexpr std::string_view magic = "GENSPOOL";
constexpr std::size_t trailer_bytes = magic.size() + 8 + 32;
/// Above every op's reply_bytes_max; reading is bounded by it only against a damaged file.
constexpr std::uint64_t spool_bytes_max = 1ULL << 31U;
/// So many files of one name are kept aside.
constexpr std::uint32_t aside_max = 100;
constexpr std::size_t id_bytes = 26;

std::string head_line(const HttpHead& head, const std::string& op) {
    json::array headers;
    for (const HttpHeader& header : head.headers) {
        json::array pair;
        pair.emplace_back(header.name);
        pair.emplace_back(header.value);
        headers.emplace_back(std::move(pair));
    }
    json::object line;
    line["format"] = 1;
    line["op"] = op;
    line["status"] = head.status;
    line["headers"] = std::move(headers);
    return json::serialize(line) + "\n";
}

std::string trailer(std::uint64_t bytes, const Sha256::Bytes& digest) {
    std::string text(magic);
    for (int shift = 56; shift >= 0; shift -= 8)
        text += static_cast<char>((bytes >> static_cast<unsigned>(shift)) & 0xFFU);
    for (const std::uint8_t byte : digest)
        text += static_cast<char>(byte);
    return text;
}

std::optional<SpooledReply> parse_head(std::string_view line) {
    boost::system::error_code ec;
    const json::value value = json::parse(line, ec);
    if (ec || !value.is_object()) return std::nullopt;
    const json::object& object = value.get_object();
    const json::value* op = object.if_contains("op");
    const json::value* status = object.if_contains("status");
    const json::value* headers = object.if_contains("headers");
    if (!op || !op->is_string() || !status || !status->is_int64() || !headers ||
        !headers->is_array()) {
        return std::nullopt;
    }
    SpooledReply spooled;
    spooled.op = op->get_string();
    spooled.reply.status = static_cast<int>(status->get_int64());
    for (const json::value& header : headers->get_array()) {
        const json::array* pair = header.if_array();
        if (!pair || pair->size() != 2 || !(*pair)[0].is_string() || !(*pair)[1].is_string()) {
            return std::nullopt;
        }
        spooled.reply.headers.emplace_back((*pair)[0].get_string(), (*pair)[1].get_string());
    }
    return spooled;
}

}  // namespace

std::string spool_path(const proto::JobId& job, proto::Send send) {
    return std::string(directory) + "/" + job.text() + "." + std::to_string(send);
}

std::optional<SpoolName> parse_spool_name(const std::string& name) {
    if (name.size() < id_bytes + 2 || name[id_bytes] != '.') return std::nullopt;
    const auto job = proto::JobId::parse(name.substr(0, id_bytes));
    SpoolName parsed;
    const char* const end = name.data() + name.size();
    const auto [rest, ec] = std::from_chars(name.data() + id_bytes + 1, end, parsed.send);
    if (!job || ec != std::errc{}) return std::nullopt;
    parsed.aside = std::string_view(rest, end).starts_with(".old");
    if (rest != end && !parsed.aside) return std::nullopt;
    parsed.job = *job;
    return parsed;
}

asio::awaitable<std::error_code> move_aside(Files& files, std::string path) {
    std::error_code error;
    for (std::uint32_t n = 1; n <= aside_max; ++n) {
        std::string aside = path + ".old";
        if (n > 1) aside += std::to_string(n);
        error = co_await files.rename(path, std::move(aside));
        if (error != std::errc::file_exists) break;
    }
    GENSPOOL_KILL_POINT("spool.moved_aside");
    co_return error;
}

SpoolSink::SpoolSink(Files& files, std::string path, std::string op)
    : files_(files), path_(std::move(path)), op_(std::move(op)) {}

asio::awaitable<std::error_code> SpoolSink::open() {
    std::error_code error = co_await create();
    if (error != std::errc::file_exists) co_return error;
    error = co_await move_aside(files_, path_);
    if (error) co_return error;
    co_return co_await create();
}

asio::awaitable<std::error_code> SpoolSink::create() {
    OpenedFile opened = co_await files_.create(path_);
    file_ = std::move(opened.file);
    GENSPOOL_KILL_POINT("spool.created");
    co_return opened.error;
}

asio::awaitable<std::error_code> SpoolSink::append(std::string bytes) {
    const std::error_code error = co_await file_->append(std::move(bytes));
    if (error) file_.reset();
    co_return error;
}

asio::awaitable<bool> SpoolSink::begin(HttpHead head) {
    head_line_ = head_line(head, op_);
    if (file_) co_await append(head_line_);
    GENSPOOL_KILL_POINT("spool.head_written");
    co_return true;
}

asio::awaitable<bool> SpoolSink::write(std::string piece) {
    digest_.update(piece);
    body_ += piece;
    if (file_) co_await append(std::move(piece));
    GENSPOOL_KILL_POINT("spool.piece_written");
    co_return true;
}

asio::awaitable<std::error_code> SpoolSink::start_over() {
    // What is there is our own, and all of it is in memory.
    std::error_code error = co_await files_.remove(path_);
    if (error) co_return error;
    error = co_await create();
    if (error) co_return error;
    error = co_await append(head_line_);
    if (error) co_return error;
    co_return co_await append(body_);
}

asio::awaitable<std::error_code> SpoolSink::store() {
    if (!file_) {
        const std::error_code error = co_await start_over();
        if (error) co_return error;
    }
    std::string end = trailer(body_.size(), digest_.bytes());
    std::error_code error = co_await append(std::move(end));
    if (error) co_return error;
    GENSPOOL_KILL_POINT("spool.trailer_written");
    error = co_await file_->sync();
    // Whether success or not: the file is closed, and another call begins it anew.
    file_.reset();
    if (error) co_return error;
    GENSPOOL_KILL_POINT("spool.file_synced");
    co_return co_await files_.sync_directory(std::string(directory));
}

asio::awaitable<void> SpoolSink::remove() {
    file_.reset();
    co_await files_.remove(path_);
    GENSPOOL_KILL_POINT("spool.removed");
}

std::optional<SpooledReply> parse_spool(std::string_view file) {
    const std::size_t newline = file.find('\n');
    if (newline == std::string_view::npos) return std::nullopt;
    const std::string_view rest = file.substr(newline + 1);
    if (rest.size() < trailer_bytes) return std::nullopt;
    const std::string_view body = rest.substr(0, rest.size() - trailer_bytes);
    Sha256 digest;
    digest.update(body);
    if (trailer(body.size(), digest.bytes()) != rest.substr(body.size())) return std::nullopt;
    std::optional<SpooledReply> spooled = parse_head(file.substr(0, newline));
    if (spooled) spooled->reply.body = body;
    return spooled;
}

asio::awaitable<SpoolRead> read_spool(Files& files, std::string path) {
    const FileBytes file = co_await files.read(std::move(path), spool_bytes_max);
    SpoolRead read;
    if (!file.error) {
        read.reply = parse_spool(file.bytes);
    } else if (file.error != std::errc::no_such_file_or_directory &&
               file.error != std::errc::file_too_large) {
        read.error = file.error;
    }
    co_return read;
}

asio::awaitable<std::vector<proto::Send>> spooled_sends(Files& files, proto::JobId job,
                                                        proto::Send first) {
    const std::vector<std::string> names = co_await files.list(std::string(directory));
    std::vector<proto::Send> sends;
    for (const std::string& name : names) {
        const std::optional<SpoolName> parsed = parse_spool_name(name);
        const bool wanted = parsed && parsed->job == job && !parsed->aside && parsed->send >= first;
        if (wanted) sends.push_back(parsed->send);
    }
    std::sort(sends.begin(), sends.end(), std::greater<>());
    co_return sends;
}

asio::awaitable<std::error_code> sync_spool(Files& files, std::string path) {
    const std::error_code error = co_await files.sync(std::move(path));
    if (error) co_return error;
    co_return co_await files.sync_directory(std::string(directory));
}

}  // namespace genspool::workers
