"""The pages of an organization's personas, below o/<slug:organization>/."""

from django.urls import path

from personas.views import (
    audiences,
    comparing,
    drilldown,
    generations,
    histories,
    notes,
    over_time,
    pictures,
    preferences,
    quotes,
    screens,
)

urlpatterns = [
    path("personas/", screens.personas, name="personas"),
    path("personas/<int:pk>/", screens.persona, name="persona"),
    path("personas/<int:pk>/groups/", drilldown.persona_groups, name="persona_groups"),
    path("personas/<int:pk>/contents/", drilldown.persona_contents, name="persona_contents"),
    path("personas/<int:pk>/contents/<int:content>/", drilldown.persona_content, name="persona_content"),
    path("personas/<int:pk>/notes/<slug:kind>/", notes.persona_note, name="persona_note"),
    path("personas/<int:pk>/quotes/<int:comment>/hide/", quotes.quote_hide, name="quote_hide"),
    path("compare/", comparing.persona_compare, name="persona_compare"),
    path("data/<int:pk>/audience/", audiences.audience_ask, name="audience_ask"),
    path("over-time/", over_time.over_time_page, name="over_time"),
    path("numbers/", preferences.numbers, name="numbers"),
    path("sets/<int:pk>/method/", drilldown.set_method, name="set_method"),
    path("generations/", generations.generations, name="generations"),
    path("generations/new/", generations.generation_new, name="generation_new"),
    path("generations/new/estimate/", generations.generation_estimate, name="generation_estimate"),
    path("generations/<int:pk>/", generations.generation, name="generation"),
    path("generations/<int:pk>/progress/", generations.generation_progress, name="generation_progress"),
    path("generations/<int:pk>/cancel/", generations.generation_cancel, name="generation_cancel"),
    path("identities/<int:pk>/history/", histories.identity_history, name="identity_history"),
    path("pictures/<int:pk>/", pictures.identity_picture, name="identity_picture"),
]
