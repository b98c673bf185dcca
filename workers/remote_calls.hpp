#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "proto/codec.hpp"
#include "workers/accounts.hpp"
#include "workers/http.hpp"
#include "workers/remote_download.hpp"
#include "workers/task_group.hpp"

namespace genspool::workers {

/// Free calls that users have sent to an account's upstream, with its key: a few at once, apart
/// from the engine. Nothing of what they bring changes a job or closes an account. Event-loop
/// thread only; stop it before it is destroyed.
class RemoteCalls {
public:
    /// `http` must outlive this.
    RemoteCalls(boost::asio::any_io_executor executor, Http& http, TaskGroup::OnError on_error);
    RemoteCalls(const RemoteCalls&) = delete;
    RemoteCalls& operator=(const RemoteCalls&) = delete;

    /// The accounts from now on. Calls under way keep the old ones.
    void set_accounts(std::shared_ptr<const Accounts> accounts);
    std::shared_ptr<const Accounts> accounts() const { return accounts_; }

    /// One of the places for a call, given back by the destructor.
    class Place {
    public:
        Place(RemoteCalls& calls, std::string principal);
        Place(Place&& other) noexcept;
        Place& operator=(Place&&) = delete;
        ~Place();

    private:
        RemoteCalls* calls_;
        std::string principal_;
    };

    /// nullopt: all are taken, or all that one principal may have.
    std::optional<Place> take_place(const std::string& principal);

    /// Sends the call and takes the whole reply. Cancelling the caller ends it.
    boost::asio::awaitable<HttpReply> ask(const proto::Provider& provider, Account account,
                                          proto::Call call);

    /// Sends the call for a reply that is read as it comes. It holds its place until it has ended,
    /// which a download that is closed does with the next piece, or when none comes.
    std::shared_ptr<RemoteDownload> download(Place place, const proto::Provider& provider,
                                             const Account& account, proto::Call call);

    /// Ends the downloads.
    boost::asio::awaitable<void> stop();

private:
    boost::asio::awaitable<void> carry(Place place, HttpCall call,
                                       std::shared_ptr<RemoteDownload> download);

    boost::asio::any_io_executor executor_;
    Http& http_;
    std::shared_ptr<const Accounts> accounts_ = std::make_shared<const Accounts>();
    std::map<std::string, std::size_t> taken_;  ///< places by principal; never 0
    std::size_t taken_in_all_ = 0;
    TaskGroup downloads_;
};

}  // namespace genspool::workers
