#include "manual/commands.hpp"

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace genspool::manual {
namespace {

/// "-f, --file PATH", or "ID" for one that goes by its place.
std::string term_of(const CLI::Option& option) {
    std::string names;
    for (const std::string& name : option.get_snames())
        names += (names.empty() ? "**-" : ", **-") + name + "**";
    for (const std::string& name : option.get_lnames())
        names += (names.empty() ? "**--" : ", **--") + name + "**";
    if (names.empty()) return "*" + option.get_name() + "*";
    const std::string type = option.get_items_expected_max() > 0 ? option.get_type_name() : "";
    return type.empty() ? names : names + " *" + type + "*";
}

std::string meaning_of(const CLI::Option& option) {
    std::string meaning = option.get_description();
    if (!option.get_default_str().empty())
        meaning += " (default: " + option.get_default_str() + ")";
    return meaning;
}

bool is_shown(const CLI::Option& option, bool common) {
    const std::string& group = option.get_group();
    return !group.empty() && (common || group != "Common options");
}

void put_options(Roff& page, const CLI::App& app, bool common) {
    std::string group = "Options";
    for (const CLI::Option* const option : app.get_options()) {
        if (!is_shown(*option, common) || option == app.get_help_ptr()) continue;
        if (option->get_group() != group && !option->get_positional()) {
            group = option->get_group();
            page.paragraph(group + ":");
        }
        page.item(term_of(*option), meaning_of(*option));
    }
}

std::string usage_of(const CLI::App& app, const std::string& path) {
    std::string usage = "**" + path + "**";
    if (!app.get_subcommands({}).empty()) usage += " *VERB*";
    for (const CLI::Option* const option : app.get_options()) {
        if (!option->get_positional()) continue;
        const std::string name = "*" + option->get_name() + "*";
        usage += option->get_required() ? " " + name : " [" + name + "]";
    }
    return usage + " [options]";
}

void put_footer(Roff& page, const CLI::App& app) {
    const std::string footer = app.get_footer();
    if (!footer.empty()) page.literal(footer);
}

void put_verb(Roff& page, const CLI::App& verb, const std::string& before) {
    const std::string path = before + " " + verb.get_name();
    page.subheading(path);
    page.paragraph(usage_of(verb, path));
    page.paragraph(verb.get_description());
    put_options(page, verb, false);
    put_footer(page, verb);
    for (const CLI::App* const inner : verb.get_subcommands({}))
        put_verb(page, *inner, path);
}

}  // namespace

void put_commands(Roff& page, const CLI::App& app) {
    page.heading("Synopsis");
    page.paragraph(usage_of(app, app.get_name()));
    page.heading("Description");
    page.paragraph(app.get_description());
    page.heading("Options");
    put_options(page, app, true);
    const auto verbs = app.get_subcommands({});
    if (!verbs.empty()) page.heading("Verbs");
    for (const CLI::App* const verb : verbs)
        put_verb(page, *verb, app.get_name());
    page.heading("Notes");
    put_footer(page, app);
}

}  // namespace genspool::manual
