#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/api.hpp"
#include "daemon/gateway/gateway.hpp"
#include "daemon/gateway/goods.hpp"
#include "daemon/gateway/useapi/ids.hpp"
#include "daemon/problem.hpp"
#include "daemon/reply.hpp"
#include "daemon/request.hpp"

/// The calls of the upstream's API, one file each area. A request's arguments[0] is its path below
/// `base`, without a slash at its end, and arguments[1], where the call has one, the id in it.
/// Event-loop thread.
namespace genspool::daemon::gateway::useapi {

boost::asio::awaitable<Reply> paid_call(Api& api, Request& request);

boost::asio::awaitable<Reply> show_video(Api& api, Request& request);
boost::asio::awaitable<Reply> show_image(Api& api, Request& request);
boost::asio::awaitable<Reply> show_clip(Api& api, Request& request);
boost::asio::awaitable<Reply> show_song(Api& api, Request& request);
boost::asio::awaitable<Reply> show_agent(Api& api, Request& request);
boost::asio::awaitable<Reply> delete_video(Api& api, Request& request);
boost::asio::awaitable<Reply> delete_image(Api& api, Request& request);
boost::asio::awaitable<Reply> delete_clip(Api& api, Request& request);

boost::asio::awaitable<Reply> list_videos(Api& api, Request& request);
boost::asio::awaitable<Reply> list_images(Api& api, Request& request);
boost::asio::awaitable<Reply> list_clips(Api& api, Request& request);

boost::asio::awaitable<Reply> show_scheduler(Api& api, Request& request);
boost::asio::awaitable<Reply> show_available(Api& api, Request& request);
boost::asio::awaitable<Reply> list_agents(Api& api, Request& request);
boost::asio::awaitable<Reply> take_from_scheduler(Api& api, Request& request);
boost::asio::awaitable<Reply> cancel_video(Api& api, Request& request);

boost::asio::awaitable<Reply> upload_file(Api& api, Request& request);
boost::asio::awaitable<Reply> delete_file(Api& api, Request& request);

/// Sends the call on to the account that it is meant for, if it is one of the free ones.
boost::asio::awaitable<Reply> pass_on(Api& api, Request& request);

/// One of the things that a job makes.
struct Piece {
    queue::JobView job;
    std::size_t n = 0;
};

/// What the id of ours names, whether it is there yet or not; nullopt: there is no such thing.
boost::asio::awaitable<std::optional<Piece>> find_piece(Api& api, Id id);

/// The account that a client calls so: by its name here, or by what the upstream calls it. Empty:
/// there is none.
std::string find_account(const Api& api, std::string_view called);

/// The account of a list, as ?account= says. Empty: of all; `problem`: there is none such.
std::string listed_account(const Api& api, const Request& request, std::optional<Problem>& problem);

/// Whether the job is bound to the account, or was bought there.
bool is_at(const queue::JobView& job, std::string_view account);

/// What clients call that account: as the upstream does where that is known, else as we do.
std::string shown_account(const Api& api, const std::string& name);

/// The label that names those of the things that a job makes which lists leave out: "0 2".
inline constexpr std::string_view deleted_label = "useapi.deleted";

/// Who ordered it has deleted the n-th of them.
bool is_deleted(const queue::JobView& job, std::size_t n);

Reply answered(const boost::json::value& value);
Reply refused(const Problem& problem);
/// 400: what was given is no id of this sort.
Reply no_id(const std::string& given);
/// 404: there is no such thing.
Reply nothing_there(const std::string& id);

}  // namespace genspool::daemon::gateway::useapi
