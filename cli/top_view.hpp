#pragma once

#include <boost/json/value.hpp>
#include <cstddef>
#include <string>
#include <vector>

#include "cli/console.hpp"
#include "proto/time.hpp"

namespace genspool::cli {

/// What the daemon said last.
struct TopData {
    boost::json::value stats;
    boost::json::value accounts;
    std::vector<boost::json::value> jobs;  ///< at work or held
    std::uint64_t jobs_in_all = 0;         ///< of these states; more than are in `jobs`, perhaps
    proto::Instant at{};                   ///< when it was said
    std::string trouble;                   ///< why it is not newer; empty: it is
};

enum class TopOrder { by_end, by_age, by_state };

/// How it is looked at.
struct TopView {
    TopOrder order = TopOrder::by_end;
    std::size_t first = 0;  ///< so many jobs are scrolled past
    std::string question;   ///< asked of the person, in place of the keys
};

/// The whole picture, a line a row, none longer than the screen is wide, no more than it is high;
/// without a size all of it. The same data, view and size make the same picture.
std::vector<std::string> top_picture(const TopData& data, const TopView& view, TerminalSize size,
                                     bool colours);

/// What is asked before buying goes on, with what that may cost.
std::string resume_question(const boost::json::value& stats);

/// How many jobs fit below the rest: what a page is. At least 1.
std::size_t top_page(const TopData& data, TerminalSize size);

}  // namespace genspool::cli
