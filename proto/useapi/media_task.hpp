#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "proto/codec.hpp"
#include "proto/useapi/answer.hpp"

namespace genspool::proto::useapi {

/// What tells one kind of thing that is made from the others.
struct Family {
    std::string_view path;  ///< of one of them: this and its id
    std::string_view id;    ///< what its id is called in answers
    std::string_view ids;   ///< the same for several in one answer; empty: there never are
    std::string_view mark;  ///< in each of its ids
    std::array<std::string_view, 2> links;  ///< the file itself, in the order of preference
    std::string_view media_type;            ///< of the file; empty: its host says
    Service service = Service::credits;
    bool word_counts = true;  ///< false: the end is told without the word "completed"
    std::span<const std::string_view> result{};  ///< members that are kept as the job's result
    /// One purchase comes to several. One of them that failed tells nothing of the others, and of
    /// a purchase whose answer was lost not all may have been found: it is not made once more.
    bool several = false;
};

extern const Family video_family;
extern const Family image_family;
extern const Family speech_family;
extern const Family music_family;

/// The ids in the answer to a create. It is one object, or an array of them.
SubmitOutcome taken(const Family& family, const Reply& reply);

/// An op whose tasks are asked for by GET of the path and their id, told by `statusLabel` and
/// `statusFinal`, and known to the scheduler while they run.
class MediaCodec : public Codec {
public:
    const OpInfo& info() const final { return info_; }
    SubmitOutcome on_submit(const JobSpec& spec, const Reply& reply) const override;
    Call poll(const Task& task) const final;
    PollOutcome on_poll(const Task& task, const Reply& reply) const final;
    Call poll_many(std::span<const Task> tasks, std::string_view page) const final;
    PollManyOutcome on_poll_many(std::string_view page, const Reply& reply) const final;
    Call link(const Source& source) const final;
    LinkOutcome on_link(const Source& source, const Reply& reply) const final;
    ExtractOutcome extract(const JobSpec& spec, const Reply& reply, std::size_t n) const final;

protected:
    /// Both outlive it.
    MediaCodec(const OpInfo& info, const Family& family) : info_(info), family_(family) {}

private:
    const OpInfo& info_;
    const Family& family_;
};

/// An artifact that never lies in the reply.
Failure nothing_spooled();

/// A file whose link is asked for by `handle` whenever it is fetched.
Artifact linked_artifact(std::string handle, std::string media_type);

/// What a poll knows of the words of a state, bounded.
std::string state_word(const boost::json::object& fields, std::string_view name);

/// A link that is not to be had.
LinkOutcome refused_link(Refusal refusal);

}  // namespace genspool::proto::useapi
