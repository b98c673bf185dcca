#pragma once

#include <string_view>
#include <vector>

namespace genspool::simulator {

/// One part of a body of multipart/form-data. All of it lies in the body.
struct FormPart {
    std::string_view name;
    std::string_view file_name;  ///< empty: it is no file
    std::string_view content_type;
    std::string_view bytes;
};

/// The parts in their order, up to the first that cannot be read. The boundary is taken from the
/// first line.
std::vector<FormPart> read_form(std::string_view body);

/// The first part of that name; nullptr: there is none.
const FormPart* find_part(const std::vector<FormPart>& form, std::string_view name);

}  // namespace genspool::simulator
