#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "daemon/api.hpp"
#include "daemon/body.hpp"
#include "daemon/problem.hpp"
#include "daemon/query.hpp"
#include "daemon/routes/routes.hpp"
#include "proto/json_writer.hpp"
#include "queue/rocksdb_store.hpp"

namespace genspool::daemon::routes {

namespace asio = boost::asio;

namespace {

std::string read_directory(ObjectBody& body) {
    const boost::json::value* const value = body.take("directory");
    const bool is_text = value != nullptr && value->is_string();
    const std::filesystem::path path(is_text ? std::string(value->get_string()) : std::string());
    const bool named =
        path.is_absolute() && path.has_filename() && path.native().find('\0') == std::string::npos;
    if (named) return path.lexically_normal().string();
    body.refuse("directory", "directory must be an absolute path, of a directory to be made.");
    return {};
}

Problem problem_of(const std::system_error& error) {
    if (error.code() == std::errc::no_space_on_device)
        return {"disk_full", "There is too little room for a backup: " + std::string(error.what())};
    if (error.code() == std::errc::file_exists)
        return {"invalid", "There is something already: " + std::string(error.what()), "directory"};
    return {"invalid", "The backup cannot be written: " + std::string(error.what()), "directory"};
}

std::string text_of(const BackupDone& done, const std::string& directory) {
    std::string out;
    proto::JsonWriter json(out);
    json.begin_object();
    json.text("directory", directory);
    json.moment("at", done.queue.at);
    json.count("generation", done.queue.generation);
    json.count("last_event", done.queue.last_event.value);
    json.count("bytes", done.bytes);
    json.end_object();
    return out;
}

/// Makes it, or says why there is none.
asio::awaitable<Reply> make(Backup& backup, std::string directory, bool artifacts) {
    Problem problem("internal", {});
    try {
        std::string where = directory;
        BackupDone done = co_await backup.make(std::move(where), artifacts);
        co_return Reply(201, text_of(done, directory));
    } catch (const std::system_error& error) {
        problem = problem_of(error);
    } catch (const queue::StoreFailed& error) {
        problem.detail = error.what();
    }
    co_return to_reply(problem);
}

}  // namespace

asio::awaitable<Reply> back_up(Api& api, Request& request) {
    Query query(request);
    if (const auto problem = query.finish()) co_return to_reply(*problem);
    ObjectBody body = co_await read_object(request);
    std::string directory = read_directory(body);
    const bool artifacts = body.take_flag("artifacts");
    body.finish();
    if (body.problem) co_return to_reply(*body.problem);
    if (!request.caller.admin)
        co_return to_reply(Problem("not_owner", "Only an admin may make a backup."));
    if (api.backup == nullptr)
        co_return to_reply(Problem("not_available", "There is no database to back up."));
    if (api.backup->is_own_place(directory))
        co_return to_reply(Problem("invalid",
                                   "directory lies in the daemon's own state directory, where only "
                                   "backups/ holds backups.",
                                   "directory"));
    if (api.backup->busy()) co_return to_reply(Problem("busy", "A backup is being made already."));
    Reply reply = co_await make(*api.backup, std::move(directory), artifacts);
    co_return reply;
}

}  // namespace genspool::daemon::routes
