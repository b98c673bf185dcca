#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>

#include "daemon/api.hpp"
#include "daemon/query.hpp"
#include "proto/json_writer.hpp"
#include "queue/views.hpp"

namespace genspool::daemon {

/// A selection of jobs as a request writes it: state, kind, op, batch, account, label=NAME=VALUE,
/// doubtful=true.
struct ReadFilter {
    queue::Filter filter;
    bool selects = false;  ///< at least one of them was given
    std::optional<Problem> problem;

    ReadFilter() = default;
};

/// Takes the filters out of the query; the caller goes on with its own parameters and finish().
boost::asio::awaitable<ReadFilter> read_filter(Api& api, Query& query);

/// A page's `cursor` parameter: 0 where there is none.
proto::JobSeq read_cursor(Query& query);

/// What a reply's "next" says; null at the end.
void write_next(proto::JsonWriter& json, std::uint64_t next);

}  // namespace genspool::daemon
