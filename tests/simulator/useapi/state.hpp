#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "proto/time.hpp"
#include "tests/simulator/slot_class.hpp"

/// useapi.net: one token, behind it several accounts of people at the generating site.
namespace genspool::simulator::useapi {

/// An account that a token opens.
struct Account {
    std::uint32_t max_jobs = 3;            ///< videos at once that useapi.net lets through
    std::uint32_t queue_length = 5;        ///< videos at once at the site
    std::uint32_t image_queue_length = 5;  ///< purchases of images at once
    std::uint32_t speech_at_once = 4;      ///< nobody is told, as of the next
    std::uint32_t agent_at_once = 3;
    bool support_video = true;
    bool support_audio = true;
    std::optional<std::int64_t> credits;  ///< nullopt: without end
    std::string error;                    ///< why it is broken; empty: it is not
    proto::Instant login_from;
    proto::Instant login_until;
    bool linked = true;  ///< false: it was deleted

    /// It can do nothing until somebody logs it in anew.
    bool broken(proto::Instant now) const { return !error.empty() || now >= login_until; }
};

enum class JobType : std::uint8_t { video, image, speech, music, agent };

/// "video": as it stands in the ids; an agent's have no such word.
std::string_view to_string(JobType type);

/// One thing under way, or that was: its state is a matter of the clock alone.
struct Job {
    JobType type = JobType::video;
    std::string id;
    std::uint64_t number = 0;  ///< the site's own id
    std::string user;          ///< the number in the token
    std::string account;
    SlotClass slot = SlotClass::video;
    std::string model;
    std::string desc;  ///< what is shown of the prompt
    std::string title;
    std::string lyrics;
    std::string voice;
    std::vector<std::string> models;  ///< that an agent may use
    std::uint64_t batch = 0;          ///< the same for all images of a purchase
    std::string ref;
    std::string reply_url;
    proto::Instant created;
    proto::Instant finishes;
    int fail = 0;                           ///< what it ends with; 0: it succeeds
    std::vector<std::int64_t> files;        ///< on the shelf, that it makes
    std::vector<std::int64_t> watermarked;  ///< the same with a watermark, where they may have one
    bool only_watermarked = false;          ///< `files` have one themselves
    bool error_text = false;                ///< a failed agent tells of it in plain text
    bool odd_words = false;                 ///< unheard-of states until it is final
    bool result_shown = false;              ///< one query has told of its end
    bool tracked = true;                    ///< by the scheduler
    bool deleted = false;

    bool finished(proto::Instant now) const { return now >= finishes; }
    bool running(proto::Instant now) const { return tracked && !finished(now); }
    /// How much of its work is done, in tenths.
    int tenths(proto::Instant now) const;
};

/// What somebody has uploaded, or what a job has made and others may use.
struct File {
    std::string user;
    std::string account;
    std::string content_type;
    std::string sha256;
    proto::Instant since;  ///< not to be named before
};

/// All that useapi.net knows.
class State {
public:
    using Accounts = std::map<std::string, Account, std::less<>>;

    /// Those of a token's number.
    Accounts& accounts(const std::string& user) { return users_[user]; }

    /// The account, made when first named.
    Account& account(const std::string& user, const std::string& account, proto::Instant now);

    Job& add(Job job);
    Job* find(std::string_view id);  ///< nullptr: there is none

    /// Oldest first; they stay where they are.
    std::deque<Job>& jobs() { return jobs_; }

    /// The jobs not finished by `now`, oldest first, tracked or not.
    const std::vector<Job*>& unfinished(proto::Instant now);

    std::unordered_map<std::string, File> files;  ///< by fileID

private:
    std::map<std::string, Accounts> users_;
    std::deque<Job> jobs_;
    std::unordered_map<std::string_view, Job*> by_id_;
    std::vector<Job*> unfinished_;
};

}  // namespace genspool::simulator::useapi
