#include "proto/useapi/form_field.hpp"

#include <string>

#include "proto/json_text.hpp"
#include "proto/multipart.hpp"
#include "proto/upstream_request.hpp"

namespace genspool::proto::useapi {

void add_field(Call& call, std::string_view name, std::string_view value) {
    constexpr std::string_view form = "multipart/form-data; boundary=";
    if (call.content_type.starts_with(form)) {
        std::string part = "--" + call.content_type.substr(form.size());
        part.append("\r\nContent-Disposition: form-data; name=\"").append(name);
        part.append("\"\r\n\r\n").append(header_text(value)).append("\r\n");
        call.body.insert(0, part);
        return;
    }
    std::string quoted;
    append_json_string(quoted, value);
    call.body = with_member(call.body, name, std::string_view(quoted).substr(1, quoted.size() - 2));
}

}  // namespace genspool::proto::useapi
