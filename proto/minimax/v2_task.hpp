#pragma once

#include <boost/json/object.hpp>
#include <optional>

#include "proto/codec.hpp"

namespace genspool::proto::minimax {

/// An op of the v2 API: its tasks are asked for and called off alike, whatever they make.
class V2Task : public Codec {
public:
    SubmitOutcome on_submit(const JobSpec& spec, const Reply& reply) const final;
    Call poll(const Task& task) const final;
    PollOutcome on_poll(const Task& task, const Reply& reply) const final;
    Call poll_many(std::span<const Task> tasks, std::string_view page) const final;
    PollManyOutcome on_poll_many(std::string_view page, const Reply& reply) const final;
    std::optional<Call> cancel(const Task& task, std::string_view state) const final;
    std::optional<TaskFailed> on_cancel(const Reply& reply) const final;
    // A task that is asked for once more gives a link that is good once more.
    Call link(const Source& source) const final;
    LinkOutcome on_link(const Source& source, const Reply& reply) const final;
    ExtractOutcome extract(const JobSpec& spec, const Reply& reply, std::size_t n) const final;

private:
    /// What a task that is shown so has come to.
    PollOutcome judge(const Task& task, const boost::json::object& shown) const;
    /// What a task that succeeded made; nullopt: its content does not tell yet.
    virtual std::optional<TaskDone> finished(const Task& task,
                                             const boost::json::object& content) const = 0;
};

}  // namespace genspool::proto::minimax
