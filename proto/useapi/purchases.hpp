#pragma once

#include <string>
#include <string_view>

#include "proto/codec.hpp"
#include "proto/useapi/answer.hpp"

/// The lists of what a linked account has made. An entry that is overlooked is bought a second
/// time, so the silence of one that cannot be read whole proves nothing; what it shows is evidence
/// still, and so is what the scheduler has shown before.
namespace genspool::proto::useapi {

/// One of them.
struct PurchaseList {
    std::string_view target;    ///< of its first page
    std::string_view after;     ///< the parameter that names the last entry of the page before
    std::string_view items;     ///< the member that holds it; empty: the answer is the list itself
    std::string_view id;        ///< of an entry
    std::string_view made_at;   ///< the same
    std::string_view together;  ///< equal in what was bought at once; empty: nothing is
    std::string_view op;        ///< shown with the prompt; empty: not enough is shown of a request
};

/// First what the scheduler shows, with the names of the sends; then the list itself.
Call list_purchases(const PurchaseList& list, std::string_view page);
ListOutcome listed_purchases(const PurchaseList& list, std::string_view mark, std::string_view page,
                             const Reply& reply);

/// A page that could not be had: later it may, or it never can.
ListOutcome unread_page(Service service, const Reply& reply, const Answer& answer);

/// What a list shows of a request for this op: the prompt, which it may have written anew.
std::string shown_as(std::string_view op, std::string_view prompt);

/// Nobody says how soon a list has what was bought.
inline constexpr Duration lists_window = std::chrono::minutes{10};

}  // namespace genspool::proto::useapi
