#pragma once

#include <string>
#include <vector>

#include "tests/simulation/dice.hpp"

namespace genspool::simulation {

/// What an order may ask for in this world.
struct OrderBook {
    bool slow_tasks = false;
    std::uint64_t h3_percent = 25;  ///< of the films
    /// The accounts that a job may be bound to.
    std::vector<std::string> accounts;
    std::vector<std::string> linked;  ///< those behind the one key of useapi.net; none: not used
    /// What a job may say it comes after, and take files of.
    std::vector<std::string> earlier;
    std::vector<std::string> pictures;    ///< jobs that make them
    std::vector<std::string> films;       ///< likewise
    std::vector<std::string> sounds;      ///< likewise
    std::vector<std::string> files;       ///< pictures that were handed in, by their names
    std::vector<std::string> recordings;  ///< of voices, likewise
    std::vector<std::string> chats;       ///< files of many, likewise
    std::vector<std::string> voices;      ///< that somebody makes, has made, or has tried to
};

/// One job as somebody would write it: a random op with random wishes, and `ref` in its prompt, by
/// which the upstream knows it. `custom_id` may be empty.
std::string write_order(const OrderBook& book, const std::string& ref, const std::string& custom_id,
                        Dice& dice);

/// One that no account, price or deadline stands in the way of.
/// It comes after the job of that name, if one is given.
std::string write_plain_order(const std::string& ref, const std::string& custom_id,
                              const std::string& after, Dice& dice);

/// A file of three chats, of which one fails, as a batch of them takes it.
std::string write_chats(const std::string& number);

}  // namespace genspool::simulation
