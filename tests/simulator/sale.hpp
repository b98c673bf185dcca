#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "tests/simulator/call.hpp"
#include "tests/simulator/field_check.hpp"
#include "tests/simulator/world.hpp"

namespace genspool::simulator {

struct PaidRoute;

/// A paid request whose body has been read.
struct Sale {
    const PaidRoute& route;
    const Call& call;
    boost::json::object body;
    std::string prompt;
    std::string sha256;  ///< of the body as it came
    Markers markers;
    std::string problem;             ///< why the body cannot be read; empty when it can
    std::vector<std::string> files;  ///< as in TruthRecord
};

/// What was made of a sale.
struct Sold {
    std::string task;                 ///< empty for a synchronous call
    std::vector<std::string> others;  ///< tasks of the same purchase
    std::vector<ArtifactRecord> artifacts;
    std::string outcome = "taken";  ///< as in TruthRecord
    Duration work{0};               ///< how long the slot is taken
    ModelReply reply;               ///< as it goes out if nothing strikes it
};

/// An endpoint that sells something.
struct PaidRoute {
    std::string_view path;  ///< always POST
    SlotClass slot;
    std::string_view (*prompt)(const boost::json::object& body);  ///< where the markers are
    std::string_view empty_field;  ///< what a refusal holds besides base_resp
    Problem (*check)(const boost::json::object& body);
    Sold (*make)(World& world, const Sale& sale);

    bool sells_tasks() const { return empty_field == "task_id"; }
};

/// Makes one file for a sale and puts it on the shelf.
ShelfItem& produce(World& world, const Sale& sale, MediaKind kind);

/// A link to a file that a synchronous call made: good for a day, and never given out again.
std::string day_link(const World& world, const Sale& sale, const ShelfItem& item);

// The endpoints, one file each.
Problem check_video(const boost::json::object& body);
Sold make_video(World& world, const Sale& sale);
Problem check_video_template(const boost::json::object& body);
std::string_view first_text_input(const boost::json::object& body);
Sold make_video_template(World& world, const Sale& sale);
Problem check_video_v2(const boost::json::object& body);
Problem check_regeneration(const boost::json::object& body);
std::string_view content_text(const boost::json::object& body);
Sold make_video_v2(World& world, const Sale& sale);
Problem check_context_ir(const boost::json::object& body);
Sold make_context_ir(World& world, const Sale& sale);
Problem check_chat(const boost::json::object& body);
std::string_view last_message(const boost::json::object& body);
Sold make_chat(World& world, const Sale& sale);
/// The whole answer to a chat request.
boost::json::object completion(World& world, const boost::json::object& request, Instant now);
Problem check_chat_batch(const boost::json::object& body);
std::string_view batch_note(const boost::json::object& body);
Sold make_chat_batch(World& world, const Sale& sale);
Problem check_voice_clone(const boost::json::object& body);
Sold make_voice_clone(World& world, const Sale& sale);
Problem check_voice_design(const boost::json::object& body);
Sold make_voice_design(World& world, const Sale& sale);
Problem check_speech(const boost::json::object& body);
Sold make_speech(World& world, const Sale& sale);
Problem check_speech_async(const boost::json::object& body);
Sold make_speech_async(World& world, const Sale& sale);
Problem check_image(const boost::json::object& body);
Sold make_image(World& world, const Sale& sale);
Problem check_music(const boost::json::object& body);
Sold make_music(World& world, const Sale& sale);
Problem check_lyrics(const boost::json::object& body);
Sold make_lyrics(World& world, const Sale& sale);
Problem check_cover_preprocess(const boost::json::object& body);
Sold make_cover_preprocess(World& world, const Sale& sale);

}  // namespace genspool::simulator
