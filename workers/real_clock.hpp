#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>

#include "queue/forward_time.hpp"
#include "workers/clock.hpp"
#include "workers/sleepers.hpp"

namespace genspool::workers {

/// The wall clock, never running backwards (queue/forward_time.hpp). One timer serves all sleepers;
/// it is armed only while there are some, so an event loop with nothing else to do can end. Looks
/// at the wall clock at least every 60 s, so that a jump of it is noticed.
class RealClock : public Clock {
public:
    explicit RealClock(boost::asio::any_io_executor executor, proto::Instant floor = {});
    ~RealClock() override;

    proto::Instant now() const override;
    boost::asio::awaitable<bool> sleep_until(proto::Instant due) override;

private:
    void arm();
    void ring();

    mutable queue::ForwardTime time_;
    boost::asio::steady_timer timer_;
    proto::Instant armed_for_ = proto::never;  ///< when the timer rings; never: it is not armed
    std::shared_ptr<RealClock*> self_;         ///< lets a late timer handler see that we are gone
    Sleepers sleepers_;
};

}  // namespace genspool::workers
