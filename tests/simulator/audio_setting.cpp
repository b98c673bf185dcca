#include "tests/simulator/audio_setting.hpp"

#include "tests/simulator/field_check.hpp"

namespace genspool::simulator {

AudioSetting audio_setting(const boost::json::object& body) {
    AudioSetting setting;
    const auto* given = body.if_contains("audio_setting");
    if (given == nullptr) return setting;
    setting.known = given->is_object();
    if (!setting.known || !given->get_object().contains("format")) return setting;
    setting.name = text_field(given->get_object(), "format");
    const auto kind = parse_audio_format(setting.name);
    setting.known = kind.has_value();
    setting.kind = kind.value_or(MediaKind::mp3);
    return setting;
}

}  // namespace genspool::simulator
