"""Removals, and which of them took a signature. A new empty column with its reference needs no look at the rows (PostgreSQL, ALTER TABLE)."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('petitions', '0008_delta_is_dated'),
        ('signatures', '0004_held_are_found'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RemovedCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('made-up', 'made-up addresses'), ('automated', 'sent by programs'), ('duplicates', 'the same people again'), ('not-eligible', 'people who may not sign'), ('other', 'another reason')], max_length=20, verbose_name='why')),
                ('signatures', models.PositiveIntegerField(default=0, verbose_name='signatures')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.AlterModelOptions(
            name='signature',
            options={'permissions': [('hide_reason', 'Can hide a reason'), ('release_signature', 'Can release held signatures'), ('remove_signature', 'Can remove and restore'), ('export_signatures', 'Can export what supporters show')], 'verbose_name': 'signature', 'verbose_name_plural': 'signatures'},
        ),
        migrations.CreateModel(
            name='Removal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by_hand', models.BooleanField(default=False, verbose_name='chosen by hand')),
                ('domains', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=253), default=list, size=None, verbose_name='mail domains')),
                ('network', models.BinaryField(max_length=32, null=True, verbose_name='network')),
                ('asked_from', models.DateTimeField(null=True, verbose_name='asked from')),
                ('asked_before', models.DateTimeField(null=True, verbose_name='asked before')),
                ('name_pattern', models.CharField(blank=True, max_length=80, verbose_name='name like')),
                ('kind', models.CharField(choices=[('made-up', 'made-up addresses'), ('automated', 'sent by programs'), ('duplicates', 'the same people again'), ('not-eligible', 'people who may not sign'), ('other', 'another reason')], max_length=20, verbose_name='why, for the public')),
                ('note', models.TextField(max_length=500, verbose_name='note for moderators')),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='made')),
                ('stage', models.CharField(choices=[('counted', 'not started'), ('running', 'running'), ('cancelled', 'cancelled'), ('done', 'done'), ('undoing', 'being undone'), ('undone', 'undone')], default='counted', max_length=10, verbose_name='stage')),
                ('counted', models.PositiveIntegerField(default=0, verbose_name='counted')),
                ('counted_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='counted at')),
                ('taken', models.PositiveIntegerField(default=0, verbose_name='removed')),
                ('put_back', models.PositiveIntegerField(default=0, verbose_name='put back')),
                ('cursor', models.BigIntegerField(default=0, verbose_name='last signature looked at')),
                ('started_at', models.DateTimeField(null=True, verbose_name='started')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='ended')),
                ('undone_at', models.DateTimeField(null=True, verbose_name='undone')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
                ('petition', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='removals', to='petitions.petition', verbose_name='petition')),
            ],
            options={
                'verbose_name': 'removal',
                'verbose_name_plural': 'removals',
                'default_permissions': ['view'],
                'indexes': [
                    models.Index(models.F('started_at'), condition=models.Q(('stage__in', ('running', 'undoing'))), name='removal_moving'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('kind__in', ['made-up', 'automated', 'duplicates', 'not-eligible', 'other'])), name='removal_kind_known'),
                    models.CheckConstraint(condition=models.Q(('stage__in', ['counted', 'running', 'cancelled', 'done', 'undoing', 'undone'])), name='removal_stage_known'),
                    models.CheckConstraint(condition=models.Q(('by_hand', True), models.Q(('domains', []), _negated=True), ('network__isnull', False), ('asked_from__isnull', False), ('asked_before__isnull', False), models.Q(('name_pattern', ''), _negated=True), _connector='OR'), name='removal_asks_for_something'),
                    models.CheckConstraint(condition=models.Q(('asked_from__isnull', True), ('asked_before__isnull', True), ('asked_from__lt', models.F('asked_before')), _connector='OR'), name='removal_window_runs_forward'),
                    models.CheckConstraint(condition=models.Q(('put_back__lte', models.F('taken'))), name='removal_puts_back_what_it_took'),
                    models.CheckConstraint(condition=models.Q(('stage__in', ['counted', 'cancelled']), ('started_at__isnull', False), _connector='OR'), name='removal_moving_is_dated'),
                    models.CheckConstraint(condition=models.Q(('stage__in', ['counted', 'running']), ('ended_at__isnull', False), _connector='OR'), name='removal_ended_is_dated'),
                    models.CheckConstraint(condition=models.Q(models.Q(('stage', 'undone'), _negated=True), ('undone_at__isnull', False), _connector='OR'), name='removal_undone_is_dated'),
                ],
            },
        ),
        migrations.AddField(
            model_name='removedcount',
            name='petition',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='removed_counts', to='petitions.petition', verbose_name='petition'),
        ),
        migrations.AddConstraint(
            model_name='removedcount',
            constraint=models.UniqueConstraint(fields=('petition', 'kind'), name='removed_counted_once'),
        ),
        # The signatures' own table last: it is locked until the end, and only for so long as these two take.
        migrations.AddField(
            model_name='signature',
            name='removal',
            field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='removed', to='signatures.removal', verbose_name='removed by'),
        ),
        AddConstraintNotValid(
            model_name='signature',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('removal__isnull', False), ('state', 'removed')), models.Q(models.Q(('state', 'removed'), _negated=True), ('removal__isnull', True)), _connector='OR'), name='signature_removed_knows_by_what'),
        ),
    ]
