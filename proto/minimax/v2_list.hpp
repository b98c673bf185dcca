#pragma once

#include <boost/json/array.hpp>
#include <cstdint>
#include <span>
#include <string_view>

#include "proto/codec.hpp"

/// The list of all tasks of the v2 API, of every state: those of the last seven days.
namespace genspool::proto::minimax {

/// A page of the list; how long one may be, nobody says.
inline constexpr std::uint32_t list_page_max = 50;

/// A page of the list: of all tasks, or of these alone. Whoever takes it for proof reads each page
/// with all that it must have: a shorter one hides some.
Call list_of_tasks(std::string_view page, std::span<const Task> wanted = {});
ListOutcome listed_tasks(std::string_view page, const Reply& reply);

/// The same page with its entries as they came.
struct ListedPage {
    boost::json::array items;
    std::string next;            ///< the page after it; empty: it is the last
    std::uint64_t total = 0;     ///< tasks in all pages
    std::uint64_t promised = 0;  ///< so many of them must stand on this page
};
std::variant<ListedPage, Refusal> read_list(std::string_view page, const Reply& reply);

}  // namespace genspool::proto::minimax
