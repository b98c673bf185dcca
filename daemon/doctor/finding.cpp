#include "daemon/doctor/finding.hpp"

#include <string_view>

#include "proto/json_writer.hpp"

namespace genspool::daemon {
namespace {

std::string_view to_string(Gravity gravity) {
    switch (gravity) {
        case Gravity::ok:
            return "ok";
        case Gravity::warning:
            return "warning";
        case Gravity::problem:
            return "problem";
    }
    return "problem";
}

}  // namespace

std::string finding_text(const Finding& finding) {
    std::string out;
    proto::JsonWriter json(out);
    json.begin_object();
    json.text("check", finding.check);
    json.text("level", to_string(finding.gravity));
    json.text("text", finding.text);
    json.text_or_null("cure", finding.cure);
    json.text_or_null("account", finding.account);
    json.end_object();
    return out;
}

}  // namespace genspool::daemon
