#include "daemon/inbox_watch.hpp"

#include <sys/inotify.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstring>
#include <string_view>

#include "workers/local_descriptor.hpp"

namespace genspool::daemon {

namespace asio = boost::asio;

namespace {

constexpr std::size_t events_bytes = 16U << 10U;

void read_event(const inotify_event& event, std::string_view name, Sightings& sightings) {
    if ((event.mask & IN_Q_OVERFLOW) != 0) {
        sightings.look_everywhere = true;
    } else if ((event.mask & (IN_IGNORED | IN_UNMOUNT)) != 0) {
        sightings.ended = true;
    } else if (!name.empty()) {
        Sighting sighting;
        sighting.name = name;
        sighting.moved_in = (event.mask & IN_MOVED_TO) != 0;
        sightings.files.push_back(std::move(sighting));
    }
}

Sightings read_events(std::string_view bytes) {
    Sightings sightings;
    while (bytes.size() >= sizeof(inotify_event)) {
        inotify_event event{};
        std::memcpy(&event, bytes.data(), sizeof event);
        bytes.remove_prefix(sizeof event);
        // The kernel pads names with zeros.
        const std::string_view padded = bytes.substr(0, event.len);
        read_event(event, padded.substr(0, padded.find('\0')), sightings);
        bytes.remove_prefix(padded.size());
    }
    return sightings;
}

}  // namespace

InboxWatch::InboxWatch(const asio::any_io_executor& executor) : stream_(executor) {}

bool InboxWatch::watch(const std::string& directory) {
    workers::Descriptor notifier(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
    if (!notifier.open()) return false;
    constexpr std::uint32_t wanted = IN_CLOSE_WRITE | IN_MOVED_TO | IN_ONLYDIR;
    if (::inotify_add_watch(notifier.get(), directory.c_str(), wanted) < 0) return false;
    stream_.assign(notifier.release());
    return true;
}

asio::awaitable<Sightings> InboxWatch::next() {
    std::array<char, events_bytes> bytes{};
    const auto buffer = asio::buffer(bytes);
    const auto read = co_await stream_.async_read_some(buffer, asio::as_tuple(asio::use_awaitable));
    const auto& [error, count] = read;
    Sightings sightings;
    if (error) {
        sightings.ended = true;
        co_return sightings;
    }
    sightings = read_events(std::string_view(bytes.data(), count));
    co_return sightings;
}

void InboxWatch::close() {
    boost::system::error_code ignored;
    stream_.close(ignored);
}

}  // namespace genspool::daemon
