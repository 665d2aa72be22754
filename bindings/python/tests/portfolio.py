"""The calls of a story about what the office knows and what a device says of itself."""

import cartera as c
from values import day, money, of, told, word


def names(page):
    return [row.name for row in page.rows]


def standing(stage):
    return "saved" if stage is None else word(stage)


class PortfolioCalls:
    def clients_find(self, typed):
        return None, self.cartera.search().clients(typed, 1)[0].id.ulid

    def clients_new_part(self):
        return None, self.cartera.clients().new_part_id().ulid

    def clients_edit_part(self, client, of, part, fields):
        edits = [c.text(f"{of}/{part}/{field}", value) for field, value in sorted(fields.items())]
        self.cartera.clients().edit(c.ClientId(ulid=client), edits)
        return None, None

    def clients_contacts(self, client):
        people = self.cartera.clients().contacts(c.ClientId(ulid=client), 0, 50)
        return [f"{of.name} {of.phone}" for of in people], None

    def clients_delivery_points(self, client):
        points = self.cartera.clients().delivery_points(c.ClientId(ulid=client), 0, 50)
        return [f"{of.name} {of.instructions}" for of in points], None

    def clients_sections(self, client):
        sections = self.cartera.clients().sections(c.ClientId(ulid=client))
        told = {word(of.section): "stale" if of.stale else f"right {of.confirmed_by_name}" for of in sections}
        return told, None

    def clients_confirm_section(self, client, section):
        self.cartera.clients().confirm_section(c.ClientId(ulid=client), of(c.ProfileSection, section))
        return None, None

    @staticmethod
    def agreement(title, until):
        return c.Agreement(title=title, _from=day("2026-01-01"), until=day(until))

    def clients_agree(self, client, **agreement):
        return None, self.cartera.clients().agree(c.ClientId(ulid=client), self.agreement(**agreement)).id.ulid

    def clients_renew(self, client, older, **agreement):
        saved = self.cartera.clients().renew_agreement(
            c.ClientId(ulid=client), c.RecordId(ulid=older), self.agreement(**agreement)
        )
        return None, saved.id.ulid

    def clients_answer(self, client, survey, score):
        answer = c.SurveyAnswer(
            survey=of(c.Survey, survey), asked=c.Asked.BY_REP, answers=[c.SurveyScore(score=int(score))]
        )
        return None, self.cartera.clients().record_answer(c.ClientId(ulid=client), answer).id.ulid

    def clients_choose_mode(self, client, mode, reason):
        saved = self.cartera.clients().choose_mode(c.ClientId(ulid=client), of(c.Mode, mode), reason)
        return None, saved.id.ulid

    def clients_records(self, client, kind):
        page = self.cartera.clients().records(c.ClientId(ulid=client), of(c.RecordKind, kind), None, 50)
        return sorted(f"{entry.kind} {word(entry.standing)}: {told(entry.body)}" for entry in page.entries), None

    def clients_account(self, client):
        account = self.cartera.clients().account(c.ClientId(ulid=client))
        return {
            "open": [money(debt.open) for debt in account.debts],
            "overdue": [money(debt.overdue) for debt in account.debts],
            "fresh": account.due_at is not None,
        }, None

    def clients_due_items(self, client):
        items = self.cartera.clients().due_items(c.ClientId(ulid=client), 0, 50)
        return [f"{item.document} {money(item.open)}" for item in items], None

    def clients_lately(self, client):
        lately = self.cartera.clients().lately(c.ClientId(ulid=client))
        return sorted(f"{of.person_name} {of.kind}" for of in lately), None

    def clients_close(self, client, reason):
        saved = self.cartera.clients().close_down(
            c.ClientId(ulid=client), of(c.LossReason, reason), None, None
        )
        return None, saved.id.ulid

    def clients_reopen(self, client):
        self.cartera.clients().reopen(c.ClientId(ulid=client))
        return None, None

    def segments_check(self, filter):
        problem = self.cartera.segments().check(filter)
        return problem and {"code": problem.code, "at": problem.at}, None

    def segments_matching(self, filter):
        return names(self.cartera.segments().matching(filter, None, 50)), None

    def segments_save(self, name, filter):
        return None, self.cartera.segments().save(c.Segment(name=name, filter=filter)).id.ulid

    def segments_list(self):
        return [f"{row.name}: {row.filter}" for row in self.cartera.segments().list(0, 50)], None

    @staticmethod
    def own_segment(id):
        return c.SegmentKey.PRIVATE(id=c.RecordId(ulid=id))

    def segments_clients(self, id):
        return names(self.cartera.segments().clients(self.own_segment(id), None, 50)), None

    def segments_count(self, id):
        return {"clients": self.cartera.segments().count(self.own_segment(id))}, None

    def segments_change(self, id, name, filter):
        self.cartera.segments().change(c.RecordId(ulid=id), c.Segment(name=name, filter=filter))
        return None, None

    def segments_own(self, id):
        own = self.cartera.segments().own(c.RecordId(ulid=id))
        return {"name": own.name, "filter": own.filter, "clients": len(own.clients)}, None

    def segments_field(self, name):
        field = next(of for of in self.cartera.segments().fields() if of.name == name)
        return {"sort": word(field.sort), "words": field.words}, None

    def segments_remove(self, id):
        return None, self.cartera.segments().remove(c.RecordId(ulid=id)).id.ulid

    def segments_bring_back(self, id):
        self.cartera.segments().bring_back(c.RecordId(ulid=id))
        return None, None

    def sales_documents(self, client):
        def line(of):
            return f"{of.article} {of.quantity.text}"

        sales = self.cartera.sales().documents(c.ClientId(ulid=client), 0, 50)
        return [
            f"{sale.number} {word(sale.sort)} {money(sale.net)}: {', '.join(map(line, sale.lines))}" for sale in sales
        ], None

    def sales_months(self, client):
        months = self.cartera.sales().months(c.ClientId(ulid=client), 0, 50)
        return {"purchases": sum(of.purchases for of in months)}, None

    def offers_basket(self, client):
        return self.bought(self.cartera.offers().basket(c.ClientId(ulid=client), 0, 50)), None

    def offers_stopped(self, client):
        return self.bought(self.cartera.offers().stopped(c.ClientId(ulid=client), 0, 50)), None

    def offers_due(self, client):
        return self.bought(self.cartera.offers().due(c.ClientId(ulid=client), 0, 50)), None

    def offers_of_client(self, client):
        found = self.cartera.offers().of_client(c.ClientId(ulid=client), 50)
        return {
            "purchases": found.purchases,
            "basket": found.basket.total,
            "due": found.due.total,
            "stopped": found.stopped.total,
            "suggestions": found.suggestions.total,
        }, None

    def offers_suggestions(self, client):
        return [of.buys_name for of in self.cartera.offers().suggestions(c.ClientId(ulid=client), 0, 50).rows], None

    def offers_up_sell(self, client, article, quantity):
        step = self.cartera.offers().up_sell(c.ClientId(ulid=client), article, c.Decimal(text=quantity), "EUR")
        return step and {"article": step.article, "by": step.by.text}, None

    def offers_goes_with(self, article):
        return [of.name for of in self.cartera.offers().goes_with([article], 50)], None

    def offers_instead(self, article):
        return [of.name for of in self.cartera.offers().instead(article, 50)], None

    @staticmethod
    def bought(page):
        return [f"{of.article} {of.name} {word(of.standing)} {of.purchases}" for of in page.rows]

    def offers_article(self, client, article):
        bought = self.cartera.offers().article(c.ClientId(ulid=client), article)
        return bought and {
            "last": bought.last_quantity.text,
            "usual": bought.usual_quantity.text,
            "price": f"{bought.last_price.price.text} {bought.last_price.currency}",
        }, None

    def orders_line(self, client, article, quantity, currency):
        line = self.cartera.orders().line(
            c.ClientId(ulid=client), article, c.Decimal(text=quantity), None, currency
        )
        return {"unit": line.unit, "price": line.price.text, "origin": word(line.price_origin)}, None

    def orders_again(self, client):
        again = self.cartera.orders().again(c.ClientId(ulid=client))
        return again and {
            "lines": [f"{of.article} {of.quantity.text} {of.price.text}" for of in again.purchase.lines],
            "left_out": again.left_out,
        }, None

    def orders_draft(self, client, id, **purchase):
        self.cartera.orders().keep_draft(
            c.ClientId(ulid=client), c.RecordId(ulid=id), self.purchase(**purchase)
        )
        return None, None

    def orders_drafts(self):
        drafts = self.cartera.orders().drafts(0, 50)
        return [f"{of.article} {of.quantity.text}" for draft in drafts for of in draft.purchase.lines], None

    def orders_of_client(self, client):
        rows = self.cartera.orders().of_client(c.ClientId(ulid=client), 0, 50)
        return [f"{money(row.total)} {standing(row.stage)}" for row in rows], None

    def orders_under_way(self):
        rows = self.cartera.orders().under_way(0, 50)
        return [f"{money(row.total)} {standing(row.stage)}" for row in rows], None

    def orders_lines(self, order):
        lines = self.cartera.orders().lines(c.RecordId(ulid=order))
        return [f"{of.line.article} {of.line.quantity.text} {money(of.net)}" for of in lines], None

    def today_put_off(self, client, subject, reason):
        saved = self.cartera.today().put_off(
            c.ClientId(ulid=client), of(c.PutOffSubject, subject), None, None, of(c.PutOffReason, reason)
        )
        return None, saved.id.ulid

    def today_notices(self):
        return [of.title for of in self.cartera.today().notices(0, 50)], None

    def visits_contact(self, client, channel, direction):
        contact = c.Contact(channel=of(c.Channel, channel), direction=of(c.Direction, direction))
        return None, self.cartera.visits().log_contact(c.ClientId(ulid=client), contact).id.ulid

    def figures_my_month(self):
        month = self.cartera.figures().my_month()
        return {
            "visits": month.visits, "with_order": month.visits_with_order, "objectives": len(month.objectives),
        }, None  # fmt: skip

    def figures_life_cycle(self, client):
        life = self.cartera.figures().life_cycle(c.ClientId(ulid=client), c.Language.SPANISH)
        return {"stage": life.stage, "purchases": life.purchases}, None

    def search_nearby(self, latitude, longitude, within):
        around = c.Point(latitude=float(latitude), longitude=float(longitude))
        return [of.name for of in self.cartera.search().nearby(around, float(within), 50)], None

    def search_like(self, name, phone):
        found = self.cartera.search().like(c.Looks(name=name, phone=phone), 50)
        return [f"{of.name} {' '.join(map(word, of.reasons))}" for of in found], None

    @staticmethod
    def content(content):
        if content.new_client:
            return "new_client"
        if content.records:
            return content.records[0].kind
        return " ".join(["fields", *sorted(edit.key.split("/")[-1] for edit in content.fields)])

    def sync_unsent(self, most):
        pieces = self.cartera.sync().unsent(0, int(most))
        return [f"{of.client_name or 'own'} {word(of.standing)}: {self.content(of.content)}" for of in pieces], None

    def sync_seal(self):
        sealed = self.cartera.sync().seal_unsent(0)
        return {
            "pieces": sealed.pieces, "left": sealed.left, "age": sealed.bytes.startswith(b"age-encryption.org/v1"),
        }, None  # fmt: skip

    def sync_progress(self):
        progress = self.cartera.sync().progress()
        return {"clients": progress.clients, "left": [word(stage) for stage in progress.left]}, None

    def sync_offline(self):
        offline = self.cartera.sync().offline()
        return {"days": offline.days, "locked": offline.locked}, None

    def attention_refused(self):
        def record(of):
            return f"{of.kind} {told(of.body)}"

        work = self.cartera.attention().refused(0, 50)
        return [
            f"{of.client_name} {of.code}: {', '.join(map(record, of.content.records))}" for of in work
        ], None

    def people_list(self):
        return [f"{of.name} {word(of.role)}" for of in self.cartera.people().list(0, 50)], None

    def people_me(self):
        me = self.cartera.people().me()
        return me and {"name": me.name, "role": word(me.role)}, None

    def people_territories(self):
        return [of.name for of in self.cartera.people().territories(0, 50)], None

    def settings_set_quiet(self, **minutes):
        hours = c.QuietHours(_from=int(minutes["from"]), to=int(minutes["to"]))
        self.cartera.settings().set_quiet_hours(hours)
        return None, None

    def settings_quiet(self):
        hours = self.cartera.settings().quiet_hours()
        return hours and {"from": hours._from, "to": hours.to}, None

    def settings_holdings(self):
        held = self.cartera.settings().holdings()
        return {"clients": held.clients, "drafts": held.drafts}, None

    def settings_diagnostics(self):
        lines = {line.name: line.value for line in self.cartera.settings().diagnostics()}
        return {"clients": lines["clients"], "linked": lines["linked"]}, None

    def settings_declare_absence(self, reason, **days):
        saved = self.cartera.settings().declare_absence(
            day(days["from"]), day(days["to"]), of(c.AbsenceReason, reason)
        )
        return None, saved.id.ulid

    def settings_absences(self):
        return [word(of.reason) for of in self.cartera.settings().absences(0, 50)], None

    def settings_withdraw_absence(self, id):
        self.cartera.settings().withdraw_absence(c.RecordId(ulid=id))
        return None, None

    def words_error(self, code, language):
        words = c.error_words(code, of(c.Language, language))
        return {"text": words.text, "advice": words.advice is not None}, None
