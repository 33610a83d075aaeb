"""Static files under names that carry their digest, ES modules that import each other included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    support_js_module_import_aggregation = True

    def stored_name(self, name: str) -> str:
        """The name with its digest; the plain one where nobody ran collectstatic (`make run`)."""
        return str(super().stored_name(name)) if self.hashed_files else name
