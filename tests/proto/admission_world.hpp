#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "proto/admission.hpp"
#include "tests/proto/fake_provider.hpp"

namespace genspool::tests {

/// Two providers, an account at each, and 2026-12-01T08:00:00Z.
struct AdmissionWorld {
    FakeProvider fake{"fake"};
    FakeProvider other{"other", {proto::Kind::image, proto::Kind::video}};
    proto::Registry registry{{&fake, &other}};
    proto::PriceTable prices{registry};
    std::vector<proto::AccountName> accounts = {{"main", "fake", {}},
                                                {"second", "other", {proto::Kind::image}}};
    std::string default_provider = "fake";
    bool webhooks = false;

    proto::AdmissionContext context() const {
        const proto::Instant now{proto::Duration{1'796'112'000'000}};
        return {registry, prices, default_provider, 3, accounts, now, "uid:1000", true, webhooks};
    }
};

}  // namespace genspool::tests
