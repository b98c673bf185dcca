#include <charconv>

#include "tests/simulator/free_routes.hpp"
#include "tests/simulator/replies.hpp"

namespace genspool::simulator {
namespace {

namespace json = boost::json;

std::int64_t asked_id(const Call& call) {
    const auto text = call.param("file_id");
    std::int64_t file_id = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), file_id);
    return ec == std::errc{} && end == text.data() + text.size() ? file_id : 0;
}

/// The file that a call asks for, if the account has made it and it is finished.
const ShelfItem* find_file(const World& world, const Call& call) {
    const auto* item = world.shelf.find(asked_id(call));
    if (item == nullptr || item->account != call.account) return nullptr;
    if (item->task.empty()) return item;
    const auto task = world.tasks.find(item->task);
    return task != world.tasks.end() && task->second.succeeded(call.now) ? item : nullptr;
}

/// The same, of those that were uploaded.
const UploadedFile* find_upload(const World& world, const Call& call) {
    const auto found = world.uploads.find(asked_id(call));
    const bool ours = found != world.uploads.end() && found->second.account == call.account;
    return ours ? &found->second : nullptr;
}

}  // namespace

json::object told_of(const ShelfItem& item) {
    json::object file;
    file.emplace("file_id", item.file_id);
    // As the real one often has it: nobody may take this for the size.
    file.emplace("bytes", 0);
    file.emplace("created_at", item.made_at.time_since_epoch().count() / 1000);
    file.emplace("filename", "output" + std::string(extension(item.kind)));
    file.emplace("purpose", item.kind == MediaKind::tar ? "t2a_async" : "video_generation");
    return file;
}

std::string fresh_link(World& world, const Call& call, const ShelfItem& item) {
    auto expires = call.now + world.options.link_life;
    if (world.strikes(Fault::link_expired)) {
        note_fault(world, call, Fault::link_expired, item.task);
        expires = call.now - std::chrono::seconds(1);
    }
    return world.shelf.link(item, call.request.host, expires);
}

ModelReply retrieve_file(World& world, const Call& call) {
    if (auto trouble = query_trouble(world, call, {})) return std::move(*trouble);
    if (const UploadedFile* upload = find_upload(world, call))
        return answer_ok(json::object{{"file", told_of(asked_id(call), *upload)}});
    const auto* item = find_file(world, call);
    if (item == nullptr) return answer_invalid("invalid file_id");
    json::object file = told_of(*item);
    file.emplace("download_url", fresh_link(world, call, *item));
    json::object answer;
    answer.emplace("file", std::move(file));
    return answer_ok(std::move(answer));
}

ModelReply retrieve_content(World& world, const Call& call) {
    if (auto trouble = query_trouble(world, call, {})) return std::move(*trouble);
    ModelReply reply;
    if (const UploadedFile* upload = find_upload(world, call)) {
        reply.headers.emplace_back("Content-Type", "application/octet-stream");
        reply.body = upload->bytes;
        return reply;
    }
    const auto* item = find_file(world, call);
    if (item == nullptr) return answer_invalid("invalid file_id");
    reply.headers.emplace_back("Content-Type", content_type(item->kind));
    reply.body = item->bytes();
    return reply;
}

}  // namespace genspool::simulator
