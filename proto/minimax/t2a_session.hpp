#pragma once

#include <boost/json/object.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/codec.hpp"

namespace genspool::proto::minimax {

/// How many characters are said at once. Up to 9,999 would be taken; but a session is closed when
/// its client has been silent for two minutes, and nobody says whether that counts while the
/// upstream works on a piece.
inline constexpr std::size_t session_piece_max = 3'000;

/// The client's side of /ws/v1/t2a_v2: the task is started, its text said in pieces, each when the
/// one before is finished, and the task finished. Told the same events again, as they were
/// recorded, it knows again how far the session came.
class T2aSession final : public Session {
public:
    /// `request` is what check() let through.
    explicit T2aSession(const boost::json::object& request);

    SessionMove on_frame(std::string_view frame) override;
    /// The same of a frame that was parsed.
    SessionMove on_event(const boost::json::object& event);

    bool paid() const { return stage_at_end_ > Stage::connecting; }
    /// Whether something of it was said.
    bool begun() const { return begun_; }
    /// Whether all of it was said, and the upstream has closed the task.
    bool whole() const { return finished_ && said_ == pieces_.size(); }
    std::size_t said() const { return said_; }  ///< how many pieces were
    bool over() const { return stage_ == Stage::over; }
    /// Why the upstream gave up, by its last word; nullopt: it did not.
    const std::optional<Refusal>& refused() const { return refused_; }

private:
    enum class Stage : std::uint8_t { connecting, starting, speaking, finishing, over };

    void enter(Stage stage);
    SessionMove take(std::string_view word, const boost::json::object& event);
    SessionMove refuse(Refusal refusal);
    SessionMove say_next();

    std::string start_;
    std::vector<std::string> pieces_;
    Stage stage_ = Stage::connecting;
    Stage stage_at_end_ = Stage::connecting;  ///< the last one before it was over
    std::size_t said_ = 0;                    ///< pieces that are finished
    std::uint32_t crowded_ = 0;               ///< how often the piece under way was not taken
    bool begun_ = false;
    bool finished_ = false;
    std::optional<Refusal> refused_;
};

}  // namespace genspool::proto::minimax
