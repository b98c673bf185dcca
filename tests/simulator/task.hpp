#pragma once

#include <cstdint>
#include <string>

#include "proto/time.hpp"
#include "tests/simulator/slot_class.hpp"

namespace genspool::simulator {

/// Whose query answers for a task: they share neither ids nor words.
enum class TaskFamily : std::uint8_t { video, video_template, video_v2, speech, chat_batch };

/// Work under way: its state is a matter of the clock alone.
struct Task {
    TaskFamily family = TaskFamily::video;
    SlotClass slot = SlotClass::video;
    std::string account;
    std::string model;
    std::string resolution;    ///< as the request says, or empty
    std::int64_t seconds = 0;  ///< of the clip, as the request says, or 0
    bool made_larger = false;  ///< of an earlier clip
    std::int64_t file_id = 0;  ///< 0 when the task will fail
    std::string words;         ///< that it makes in place of a file
    proto::Instant created;
    proto::Instant finishes;
    proto::Instant listed_at;    ///< before it no list shows it that does not ask for it
    int fail_code = 0;           ///< what it fails with; 0 = it succeeds
    bool canceled = false;       ///< called off before it began
    bool odd_words = false;      ///< answers unheard-of states until it is final
    bool success_shown = false;  ///< one query has answered Success

    bool finished(proto::Instant now) const { return canceled || now >= finishes; }
    bool succeeded(proto::Instant now) const {
        return finished(now) && !canceled && fail_code == 0;
    }
    /// How much of its work is done, in tenths.
    int tenths(proto::Instant now) const {
        const auto whole = finishes - created;
        return whole.count() <= 0 ? 10 : static_cast<int>((now - created) * 10 / whole);
    }
};

/// What a batch of chat requests is besides a task, whose file holds its answers.
struct ChatBatch {
    std::string input_file_id;
    std::int64_t error_file_id = 0;  ///< 0 where every line is answered
    std::size_t total = 0;
    std::size_t failed = 0;
    bool expires = false;  ///< before all of its lines are answered
};

}  // namespace genspool::simulator
