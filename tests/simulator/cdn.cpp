#include <charconv>

#include "tests/simulator/byte_range.hpp"
#include "tests/simulator/free_routes.hpp"
#include "tests/simulator/replies.hpp"

namespace genspool::simulator {
namespace {

ModelReply forbid(std::string_view why) {
    ModelReply reply;
    reply.status = 403;
    reply.headers.emplace_back("Content-Type", "application/xml");
    reply.body =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>AccessDenied</Code><Message>" +
        std::string(why) + "</Message></Error>";
    return reply;
}

std::optional<std::int64_t> read_number(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (ec != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

const ShelfItem* find_item(const World& world, const Call& call) {
    auto name = call.path();
    name.remove_prefix(std::string_view("/cdn/").size());
    const auto file_id = read_number(name.substr(0, name.find('.')));
    const auto* item = file_id ? world.shelf.find(*file_id) : nullptr;
    return item != nullptr && item->filename() == name ? item : nullptr;
}

/// Why the link may not be used; empty when it may.
std::string_view link_problem(const World& world, const Call& call, const ShelfItem& item) {
    const auto expires = call.param("expires");
    const auto until = read_number(expires);
    if (!until || call.param("signature") != world.shelf.signature(item.file_id, expires)) {
        return "The signature does not match";
    }
    if (call.now.time_since_epoch().count() >= *until) return "Request has expired";
    if (item.forbidden && !world.downloads_allowed) return "Access denied by policy";
    return {};
}

/// Who asks for a file has a link, and needs no key; whoever sends one gives it away.
void watch_for_keys(World& world, const Call& call, const ShelfItem& item) {
    if (call.request.authorization.empty()) return;
    ViolationRecord record;
    record.time = call.now;
    record.violation = "credentials";
    record.account = item.account;
    ++world.counters.violations;
    world.recorder.violation(record);
}

bool refused_for_once(World& world, const Call& call, const ShelfItem& item) {
    if (world.options.faults.rate(Fault::download_403) == 0.0) return false;
    if (!world.asked_for.insert(item.file_id).second) return false;
    if (!world.strikes(Fault::download_403)) return false;
    note_fault(world, call, Fault::download_403, item.task);
    return true;
}

/// Cuts the reply down to what Range asks for.
void apply_range(const Call& call, std::string_view etag, ModelReply& reply) {
    const auto& request = call.request;
    if (request.range.empty()) return;
    if (!request.if_range.empty() && request.if_range != etag) return;
    const auto size = reply.body.size();
    const auto range = read_byte_range(request.range, size);
    if (!range.understood) return;
    if (range.bytes == 0) {
        reply.status = 416;
        reply.headers.emplace_back("Content-Range", "bytes */" + std::to_string(size));
        reply.body.clear();
        return;
    }
    reply.status = 206;
    reply.headers.emplace_back("Content-Range", "bytes " + std::to_string(range.first) + "-" +
                                                    std::to_string(range.first + range.bytes - 1) +
                                                    "/" + std::to_string(size));
    reply.body = reply.body.substr(range.first, range.bytes);
}

/// What happens to the bytes on their way.
void send_off(World& world, const Call& call, const ShelfItem& item, ModelReply& reply) {
    if (world.strikes(Fault::slow_download)) {
        note_fault(world, call, Fault::slow_download, item.task);
        reply.fate.kind = FateKind::trickle;
        reply.fate.over = world.options.slow_download;
    } else if (world.strikes(Fault::cut_download)) {
        note_fault(world, call, Fault::cut_download, item.task);
        reply.fate.kind = FateKind::cut;
        reply.fate.at_byte = world.dice.below(reply.body.size());
    } else if (world.strikes(Fault::wrong_length)) {
        constexpr std::uint64_t bytes_too_many = 1'000;
        note_fault(world, call, Fault::wrong_length, item.task);
        reply.declared_bytes = reply.body.size() + bytes_too_many;
        reply.fate.kind = FateKind::cut;
        reply.fate.at_byte = reply.body.size();
    }
}

}  // namespace

ModelReply serve_download(World& world, const Call& call) {
    const auto* item = find_item(world, call);
    if (item == nullptr || call.request.method != "GET") return answer_not_found();
    watch_for_keys(world, call, *item);
    if (refused_for_once(world, call, *item)) return forbid("Access denied for now");
    if (const auto problem = link_problem(world, call, *item); !problem.empty()) {
        return forbid(problem);
    }
    ModelReply reply;
    reply.headers.emplace_back("Content-Type", content_type(item->kind));
    reply.body = item->bytes();
    if (world.strikes(Fault::no_etag)) {
        note_fault(world, call, Fault::no_etag, item->task);
    } else {
        const auto etag = "\"" + item->made.sha256.substr(0, 32) + "\"";
        reply.headers.emplace_back("ETag", etag);
        reply.headers.emplace_back("Accept-Ranges", "bytes");
        apply_range(call, etag, reply);
    }
    send_off(world, call, *item, reply);
    return reply;
}

}  // namespace genspool::simulator
