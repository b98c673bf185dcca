#pragma once

#include <array>
#include <boost/json.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proto/codec.hpp"
#include "proto/references.hpp"

namespace genspool::tests {

inline void say_whose_words(boost::json::object& body) {
    body["own"] = true;
}

/// An op that takes a `prompt`, a `model` and a file as `image`, and optionally counts `units`;
/// never really called.
class FakeCodec : public proto::Codec {
public:
    FakeCodec(const std::string& provider, proto::Kind kind)
        : provider_(provider), name_(provider + "." + std::string(to_string(kind))) {
        info_.name = name_;
        info_.provider = provider_;
        info_.kind = kind;
        info_.slot_class = proto::to_string(kind);
    }

    const proto::OpInfo& info() const override { return info_; }

    proto::Result<proto::Checked> check(const boost::json::object& request) const override {
        const auto* prompt = request.if_contains("prompt");
        if (prompt == nullptr) {
            return proto::Refused{"missing", "request.prompt", "request.prompt is required"};
        }
        if (!prompt->is_string()) {
            return proto::Refused{"invalid", "request.prompt", "request.prompt must be a string"};
        }
        proto::Checked checked;
        if (const auto* model = request.if_contains("model"); model && model->is_string()) {
            checked.model = std::string(model->get_string());
        }
        if (const auto* units = request.if_contains("units")) {
            checked.quantity = units->to_number<std::int64_t>();
        }
        if (const auto* image = request.if_contains("image"); image && proto::is_reference(*image))
            checked.files.push_back({"request.image", {"image", {}, 1000}});
        checked.price_key = name_ + "/" + checked.model;
        return checked;
    }

    proto::Call submit(const proto::JobSpec& spec) const override {
        proto::Call call;
        call.body = spec.request;
        return call;
    }
    proto::SubmitOutcome on_submit(const proto::JobSpec&, const proto::Reply&) const override {
        return proto::Refusal{};
    }
    proto::Call poll(const proto::Task&) const override { return {}; }
    proto::PollOutcome on_poll(const proto::Task&, const proto::Reply&) const override {
        return proto::StillRunning{};
    }
    proto::Call link(const proto::Source&) const override { return {}; }
    proto::LinkOutcome on_link(const proto::Source&, const proto::Reply&) const override {
        return proto::Refusal{};
    }
    proto::ExtractOutcome extract(const proto::JobSpec&, const proto::Reply&,
                                  std::size_t) const override {
        return proto::Failure{};
    }

private:
    std::string provider_;
    std::string name_;
    proto::OpInfo info_;
};

/// A provider with one op a kind; op names are "NAME.KIND". Its only prices are for
/// "NAME.video/m1" (0.49 each) and "NAME.tts" (50 for a million).
class FakeProvider : public proto::Provider {
public:
    explicit FakeProvider(std::string name,
                          const std::vector<proto::Kind>& kinds = {proto::Kind::video,
                                                                   proto::Kind::tts})
        : name_(std::move(name)), video_key_(name_ + ".video/m1"), tts_key_(name_ + ".tts") {
        for (const proto::Kind kind : kinds) {
            owned_.push_back(std::make_unique<FakeCodec>(name_, kind));
            codecs_.push_back(owned_.back().get());
        }
        prices_ = {{video_key_, proto::Unit::usd, 490'000, 1},
                   {tts_key_, proto::Unit::usd, 50'000'000, 1'000'000}};
    }

    std::string_view name() const override { return name_; }
    std::string_view default_base_url() const override { return "https://fake.test"; }
    proto::Unit unit() const override { return proto::Unit::usd; }
    std::span<const proto::SlotClass> slot_classes() const override { return {}; }
    std::span<const proto::Codec* const> codecs() const override { return codecs_; }
    std::span<const proto::PaidPath> paid_paths() const override { return paths; }
    std::span<const proto::Price> prices() const override { return prices_; }
    std::string_view prices_as_of() const override { return "2026-08"; }
    std::vector<std::pair<std::string, std::string>> authorize(std::string_view) const override {
        return {};
    }
    void address(proto::Call&, std::string_view) const override {}
    proto::Call upload(std::string_view, const proto::Input&, std::string_view) const override {
        return {};
    }
    proto::UploadOutcome on_upload(std::string_view, const proto::Reply&) const override {
        return proto::Refusal{};
    }
    proto::Result<const proto::Codec*> choose(proto::Kind kind,
                                              const boost::json::object&) const override {
        for (const proto::Codec* codec : codecs_) {
            if (codec->info().kind == kind) return codec;
        }
        return proto::Refused{"not_available", "kind", "kind is not available"};
    }

    /// Two providers of this sort sell at the same places.
    static constexpr std::array paths{
        proto::PaidPath{"/v1/video_generation", proto::Kind::video},
        proto::PaidPath{"/v1/t2a_v2", proto::Kind::tts},
        proto::PaidPath{"/v1/t2a_async_v2", proto::Kind::tts},
        proto::PaidPath{"/ws/v1/t2a_v2", proto::Kind::tts},
        proto::PaidPath{"/v1/chat/completions", proto::Kind::chat},
        proto::PaidPath{"/v1/own_words", proto::Kind::video, say_whose_words}};

private:
    std::string name_;
    std::string video_key_;
    std::string tts_key_;
    std::vector<std::unique_ptr<FakeCodec>> owned_;
    std::vector<const proto::Codec*> codecs_;
    std::vector<proto::Price> prices_;
};

}  // namespace genspool::tests
