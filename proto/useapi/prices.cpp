#include "proto/useapi/prices.hpp"

#include <array>

namespace genspool::proto::useapi {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

// Of August 2026, for each character. What videos, pictures, songs and other voices cost is told to
// each account by its plan alone.
constexpr std::array price_table{
    Price{"useapi.speech/speech-2.8-hd", Unit::credits, 1'000'000},
    Price{"useapi.speech/speech-2.8-turbo", Unit::credits, 600'000},
};

// As of August 2026. Told: an agent takes 20 seconds for something simple and more than five
// minutes for several steps, a template two to seven minutes and up to fifteen. All else is
// assumed.
constexpr std::array time_table{
    UsualTime{"useapi.agent", {seconds{20}, seconds{90}, minutes{6}}},
    UsualTime{"useapi.image", {seconds{10}, seconds{25}, seconds{90}}},
    UsualTime{"useapi.music", {seconds{45}, seconds{120}, minutes{5}}},
    UsualTime{"useapi.speech", {seconds{5}, seconds{15}, seconds{60}}},
    UsualTime{"useapi.video", {minutes{2}, minutes{4}, minutes{15}}},
    UsualTime{"useapi.video_template", {minutes{2}, minutes{4}, minutes{15}}},
};

}  // namespace

std::span<const Price> prices() {
    return price_table;
}

std::span<const UsualTime> usual_times() {
    return time_table;
}

}  // namespace genspool::proto::useapi
