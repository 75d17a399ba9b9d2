"""Keys for programs."""

from django import forms
from django.contrib import admin, messages
from django.utils.html import format_html

from sources import models
from sources.admin.bases import Owned, OwnOrganizations
from sources.errors import DataError
from sources.tokens import create_token, refuse_past


class NewTokenForm(forms.ModelForm):
    """What a new key is for and may do; the key itself is made by the verb."""

    scopes = forms.MultipleChoiceField(
        choices=models.ApiToken.Scope.choices, initial=["read"], widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = models.ApiToken
        fields = ["organization", "name", "scopes", "expires_at"]

    def clean_expires_at(self):
        try:
            return refuse_past(self.cleaned_data["expires_at"])
        except DataError as error:
            raise forms.ValidationError(str(error)) from error


@admin.register(models.ApiToken)
class ApiTokenAdmin(Owned):
    """Keys are made and deleted; of one that exists only the name changes."""

    owner = "organization"
    list_display = ["name", "organization", "beginning", "may", "created_by", "expires_at", "last_used_at"]
    list_filter = [("organization", OwnOrganizations)]
    list_select_related = ["organization", "created_by"]
    search_fields = ["name", "prefix", "organization__name"]
    autocomplete_fields = ["organization"]
    fixed = ["organization", "beginning", "may", "created_by", "created_at", "expires_at", "last_used_at"]

    @admin.display(description="key", ordering="prefix")
    def beginning(self, token: models.ApiToken) -> str:
        return format_html("<code>{}…</code>", token.prefix)

    @admin.display(description="scopes")
    def may(self, token: models.ApiToken) -> str:
        return ", ".join(token.scopes)

    def get_fields(self, request, obj=None) -> list[str]:
        return ["name", *self.fixed] if obj else NewTokenForm.Meta.fields

    def get_readonly_fields(self, request, obj=None) -> list[str]:
        return self.fixed if obj else []

    def get_form(self, request, obj=None, change=False, **kwargs):
        return super().get_form(request, obj, change, **(kwargs if obj else {"form": NewTokenForm, **kwargs}))

    def save_model(self, request, obj: models.ApiToken, form, change: bool) -> None:
        if change:
            obj.save(update_fields=["name"])
            return
        token, plain = create_token(**form.cleaned_data, created_by=request.user)
        obj.pk = token.pk
        obj.refresh_from_db()
        words = "Keep this key: <code>{}</code>. It is not stored and cannot be shown again."
        self.message_user(request, format_html(words, plain), messages.WARNING)
