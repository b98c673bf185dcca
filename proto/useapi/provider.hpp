#pragma once

#include "proto/codec.hpp"

namespace genspool::proto::useapi {

/// useapi.net's MiniMax API v1: Hailuo's site, by linked accounts of one's own.
class UseapiProvider : public Provider {
public:
    std::string_view name() const override;
    std::string_view default_base_url() const override;
    Unit unit() const override;
    std::span<const SlotClass> slot_classes() const override;
    std::span<const Codec* const> codecs() const override;
    std::span<const PaidPath> paid_paths() const override;
    std::span<const Price> prices() const override;
    std::string_view prices_as_of() const override;
    std::span<const UsualTime> usual_times() const override;
    std::vector<std::pair<std::string, std::string>> authorize(std::string_view key) const override;
    void address(Call& call, std::string_view upstream_account) const override;
    bool key_has_accounts() const override;
    void add_callback(Call& call, std::string_view url) const override;
    void add_reference(Call& call, std::string_view reference) const override;
    Callback read_callback(std::string_view body) const override;
    std::vector<Call> looks() const override;
    bool read_look(std::size_t n, const Reply& reply, AccountSight& sight) const override;
    Call upload(std::string_view purpose, const Input& file, std::string_view bytes) const override;
    UploadOutcome on_upload(std::string_view purpose, const Reply& reply) const override;
    const Resources* resources() const override;
    Result<const Codec*> choose(Kind kind, const boost::json::object& request) const override;
};

}  // namespace genspool::proto::useapi

namespace genspool::proto {

/// The one object of it, for the registry.
const Provider& useapi_provider();

}  // namespace genspool::proto
