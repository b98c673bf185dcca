#pragma once

#include <string>

#include "queue/commands.hpp"
#include "queue/queue.hpp"

namespace genspool::tests {

inline constexpr std::string_view video_op = "minimax.video_v1";
inline constexpr std::string_view music_op = "minimax.music";

/// A video job that costs 0.49 USD; change what matters to the case.
inline queue::AdmitOne video_job(const std::string& prompt = "a kite over dunes") {
    queue::AdmitOne job;
    job.spec.kind = proto::Kind::video;
    job.spec.request = R"({"model":"MiniMax-Hailuo-02","prompt":")" + prompt + R"("})";
    job.spec.provider = "minimax";
    job.spec.op = video_op;
    job.spec.model = "MiniMax-Hailuo-02";
    job.spec.principal = "uid:1000";
    job.spec.quote = proto::Money{490'000, proto::Unit::usd};
    job.slot_class = "video";
    return job;
}

/// One whose purchase the upstream's list would show.
inline queue::AdmitOne listed_job(const std::string& prompt = "a kite over dunes") {
    queue::AdmitOne job = video_job(prompt);
    job.listed_as = "clip";
    return job;
}

/// A song, whose paid reply is the artifact.
inline queue::AdmitOne music_job(const std::string& prompt = "a slow waltz") {
    queue::AdmitOne job = video_job(prompt);
    job.spec.kind = proto::Kind::music;
    job.spec.op = music_op;
    job.spec.model = "music-2.6";
    job.spec.quote = proto::Money{150'000, proto::Unit::usd};
    job.slot_class = "music";
    return job;
}

inline queue::AccountSetup account(const std::string& name, std::uint32_t video_slots = 3) {
    queue::AccountSetup setup;
    setup.name = name;
    setup.provider = "minimax";
    setup.key_group = "key of " + name;
    setup.slots = {{"video", video_slots}, {"music", 2}};
    return setup;
}

inline queue::QueueOptions queue_options() {
    queue::QueueOptions options;
    options.ops = {{std::string(video_op), "video", proto::Kind::video},
                   {std::string(music_op), "music", proto::Kind::music}};
    return options;
}

}  // namespace genspool::tests
