#include "proto/file_names.hpp"

#include <boost/json.hpp>

#include "proto/canonical_json.hpp"
#include "proto/references.hpp"

namespace genspool::proto {

namespace json = boost::json;

FileNames::FileNames(std::string_view text) {
    // Spares the parsing of texts that name none.
    const auto npos = std::string_view::npos;
    if (text.find(file_member) == npos && text.find("\\u0024") == npos) return;
    boost::system::error_code error;
    text_ = json::parse(json::string_view(text.data(), text.size()), error);
    if (error) return;
    look(text_, {});
    json::array* const jobs = text_.if_array();
    for (std::size_t n = 0; jobs != nullptr && n < jobs->size(); ++n)
        look((*jobs)[n], "[" + std::to_string(n) + "].");
}

void FileNames::look(json::value& job, const std::string& where) {
    if (!job.is_object()) return;
    const auto note = [&](json::value& reference, const std::string& path) {
        json::value* const named = reference.get_object().if_contains(file_member);
        if (named == nullptr || !named->is_string()) return;
        std::string name(named->get_string());
        if (file_digest(name)) return;
        paths_.push_back({path, std::move(name)});
        places_.push_back(named);
    };
    for (const std::string_view member : {"request", "body"}) {
        json::value* const request = job.get_object().if_contains(member);
        if (request == nullptr || !request->is_object()) continue;
        walk_references(request->get_object(), where + std::string(member), note);
    }
}

std::string FileNames::renamed() {
    for (std::size_t n = 0; n < paths_.size(); ++n)
        *places_[n] = json::string(paths_[n].name);
    return compact_json(text_);
}

}  // namespace genspool::proto
