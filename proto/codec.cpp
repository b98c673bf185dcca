#include "proto/codec.hpp"

#include <algorithm>
#include <stdexcept>

namespace genspool::proto {
namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_header(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

std::string_view Reply::header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
        if (same_header(key, name)) return value;
    }
    return {};
}

Call Codec::list(std::string_view) const {
    throw std::logic_error("what was bought through this op is in no list");
}

Call Codec::poll_many(std::span<const Task>, std::string_view) const {
    throw std::logic_error("this op's tasks are asked for one by one");
}

PollManyOutcome Codec::on_poll_many(std::string_view, const Reply&) const {
    throw std::logic_error("this op's tasks are asked for one by one");
}

ListOutcome Codec::on_list(std::string_view, const Reply&) const {
    throw std::logic_error("what was bought through this op is in no list");
}

const std::string& timed_as(const Checked& checked) {
    return checked.timed_as.empty() ? checked.price_key : checked.timed_as;
}

void Provider::add_callback(Call&, std::string_view) const {
    throw std::logic_error("this provider's ops take no callbacks");
}

void Provider::add_reference(Call&, std::string_view) const {
    throw std::logic_error("this provider's sends have no names");
}

Callback Provider::read_callback(std::string_view) const {
    return {};
}

bool Provider::read_look(std::size_t, const Reply&, AccountSight&) const {
    return false;
}

Registry::Registry(std::vector<const Provider*> providers) : providers_(std::move(providers)) {
    std::sort(providers_.begin(), providers_.end(),
              [](const Provider* a, const Provider* b) { return a->name() < b->name(); });
}

const Provider* Registry::provider(std::string_view name) const {
    for (const Provider* provider : providers_) {
        if (provider->name() == name) return provider;
    }
    return nullptr;
}

const Codec* Registry::codec(std::string_view op) const {
    for (const Provider* provider : providers_) {
        for (const Codec* codec : provider->codecs()) {
            if (codec->info().name == op) return codec;
        }
    }
    return nullptr;
}

}  // namespace genspool::proto
